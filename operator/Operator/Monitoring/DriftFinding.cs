using Sluice.Monitoring.Drift;
using Sluice.Operator.Api;

namespace Sluice.Operator.Monitoring;

/// <summary>What can be said of drift; null of what cannot.</summary>
/// <param name="Reason">Of the condition while nothing can be said.</param>
/// <param name="Message">The same for people.</param>
internal sealed record DriftFinding(string Reason, string Message)
{
    const int Shown = 10;
    const int Named = 5;

    /// <summary>A verdict that stays is told anew after this time, so that scores do not make a write each.</summary>
    static readonly TimeSpan RefreshDrifted = TimeSpan.FromMinutes(1);
    static readonly TimeSpan RefreshQuiet = TimeSpan.FromMinutes(10);

    /// <summary>Null while nothing has been compared.</summary>
    public DriftStatus? Compared { get; init; }

    /// <summary>What that was made of.</summary>
    public MergedWindow? Window { get; init; }

    public static DriftFinding Of(WatchedRevision? watched) => watched switch
    {
        null => new(Reasons.NotWatched, "Nothing serves yet."),
        { Problem: { } problem } => new(Reasons.NotWatched, $"The pods' windows cannot be taken together: {problem}"),
        { Window: { } window } => new("", "") { Compared = Status(window), Window = window },
        { Pods.Count: 0 } => new(Reasons.NotWatched,
            "No Ready pod says what it watches. A model is watched when its ModelVersion names a baseline, or predictor.monitoring.drift.learnBaseline is set."),
        { RowsToLearn: not null } => new(Reasons.LearningBaseline, "Each pod learns a baseline from its first rows."),
        _ when watched.Pods.All(static p => p.Document.BaselineRows is null) => new(Reasons.NoBaseline,
            "There is nothing to compare with: name a baseline in the ModelVersion, or set predictor.monitoring.drift.learnBaseline."),
        _ => new(Reasons.WindowOpen, "No pod has gathered a window of rows yet; see predictor.monitoring.drift.window and windowTime."),
    };

    /// <summary>What status tells: the latest comparison, or the one that is there while it says the same.</summary>
    public DriftStatus? Refreshed(DriftStatus? present)
    {
        if (Compared is null || present is null || present.Drifted != Compared.Drifted || !Moved(present).SetEquals(Moved(Compared)))
            return Compared;
        return Compared.WindowEnd - present.WindowEnd < (Compared.Drifted ? RefreshDrifted : RefreshQuiet) ? present : Compared;
    }

    /// <summary>What has moved and by how much, in a sentence.</summary>
    public static string Describe(DriftStatus drift)
    {
        if (!drift.Drifted)
            return "Nothing has moved further from the baseline than its threshold.";
        var moved = drift.Scores.Where(IsMoved).ToArray();
        var names = string.Join(", ", moved.Take(Named).Select(static s => $"{s.Feature} {s.Method} {s.Score:0.###} (threshold {s.Threshold:0.###})"));
        return $"Moved from the baseline: {names}{(moved.Length > Named ? " and more" : "")}; {drift.Share:P0} of the features, in {drift.Rows} rows of {drift.Pods} {(drift.Pods == 1 ? "pod" : "pods")}.";
    }

    public static bool IsMoved(DriftScoreStatus score) => score.Score > score.Threshold;

    static HashSet<string> Moved(DriftStatus drift) => [.. drift.Scores.Where(IsMoved).Select(static s => $"{s.Feature}/{s.Method}")];

    static DriftStatus Status(MergedWindow window) => new()
    {
        Drifted = window.Report.IsDrifted,
        Rows = window.Rows,
        Pods = window.Pods,
        WindowStart = Seconds(window.Start),
        WindowEnd = Seconds(window.End),
        Share = Rounded(window.Report.DriftedShare),
        Scores =
        [
            .. window.Report.Features.Select(static s => Score(s, prediction: false)).Concat(window.Report.Predictions.Select(static s => Score(s, prediction: true)))
                .OrderByDescending(static s => s.Score / s.Threshold).ThenBy(static s => s.Feature, StringComparer.Ordinal).Take(Shown),
        ],
    };

    static DriftScoreStatus Score(DriftScore score, bool prediction) => new()
    {
        Feature = score.Feature,
        Prediction = prediction ? true : null,
        Method = score.Method.Name(),
        Score = Rounded(score.Score),
        Threshold = Rounded(score.Threshold),
    };

    /// <summary>As it comes back out of the API: a window must not seem later than itself.</summary>
    static DateTimeOffset Seconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    static double Rounded(double score) => Math.Round(score, 6);
}
