namespace Sluice.Operator.Monitoring;

/// <summary>What the pods of one revision watched, taken together.</summary>
/// <param name="Revision">Its name.</param>
/// <param name="Pods">Each pod that has said something, as it said it last.</param>
/// <param name="Silent">The Ready pods that have said nothing.</param>
internal sealed record WatchedRevision(string Revision, IReadOnlyList<PodMonitor> Pods, int Silent)
{
    /// <summary>Null while no pod has closed a window.</summary>
    public MergedWindow? Window { get; init; }

    public LabelledRows Labels { get; init; }

    /// <summary>While baselines are learnt: the most rows that a pod still needs.</summary>
    public long? RowsToLearn { get; init; }

    /// <summary>Why windows could not be taken together; null when they could.</summary>
    public string? Problem { get; init; }

    public static WatchedRevision Of(string revision, IReadOnlyList<PodMonitor> pods, int silent)
    {
        var watched = new WatchedRevision(revision, pods, silent)
        {
            Labels = pods.Aggregate(default(LabelledRows), static (sum, pod) => sum + LabelledRows.Of(pod.Document.Feedback)),
            RowsToLearn = pods.Max(static p => p.Document.RowsToLearn),
        };
        try
        {
            return watched with { Window = MergedWindow.Of(pods) };
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return watched with { Problem = e.Message };
        }
    }
}

/// <summary>What is known of the data, the predictions and the quality of a service.</summary>
/// <param name="Stable">The revision that serves; null while there is none, or nobody asked for it.</param>
/// <param name="Candidate">The one that a rollout brings in.</param>
internal sealed record MonitorReading(WatchedRevision? Stable, WatchedRevision? Candidate)
{
    /// <summary>Nobody was asked.</summary>
    public static MonitorReading None { get; } = new(null, null);
}
