namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>What to do next in a pod.</summary>
/// <param name="Start">Containers to start now.</param>
/// <param name="Stop">Sidecars that have nothing left to accompany.</param>
/// <param name="WakeAt">When to look again although nothing has happened.</param>
internal sealed record PodStep(IReadOnlyList<string> Start, IReadOnlyList<string> Stop, DateTimeOffset? WakeAt)
{
    internal static readonly PodStep Nothing = new([], [], null);
}

/// <summary>
/// Decides which containers run; pure. Init containers run one after the other, each to its success; a sidecar counts as
/// done once it has started; then the main containers run together. What ended is started again as the restart policy
/// says, and not before its backoff is over.
/// </summary>
internal static class PodPlan
{
    internal static PodStep Next(PodRecord record, string restartPolicy, DateTimeOffset now)
    {
        if (record.Terminating || record.Failure is not null)
            return PodStep.Nothing;
        if (IsComplete(record, restartPolicy))
            return new PodStep([], [.. record.Init.Where(r => r.State == RunState.Running).Select(r => r.Name)], null);

        var due = new List<ContainerRun>();
        due.AddRange(record.Init.Where(run => run.Sidecar && run.Ended is not null && MayStart(run, "Always")));
        if (NextInit(record) is not { } init)
            due.AddRange(record.Main.Where(run => MayStart(run, restartPolicy)));
        else if (MayStart(init, init.Sidecar ? "Always" : InitPolicy(restartPolicy)))
            due.Add(init);
        var waiting = due.Where(run => run.NotBefore > now).Select(run => (DateTimeOffset?)run.NotBefore);
        return new PodStep(
            [.. due.Where(run => run.NotBefore <= now).Select(run => run.Name).Distinct()], [], waiting.Min());
    }

    /// <summary>The first init container that still has something to do; null when the main ones may run.</summary>
    internal static ContainerRun? NextInit(PodRecord record) =>
        // Main containers that have run once show that initialization was complete, whatever a sidecar does now.
        record.Main.Any(run => run.State != RunState.Waiting || run.Ended is not null) && record.Init.All(IsInitDoneOnce)
            ? null
            : record.Init.FirstOrDefault(run => !IsInitDone(run));

    internal static bool IsInitDone(ContainerRun run) =>
        run.Sidecar ? run is { State: RunState.Running, Started: true } : run.Succeeded;

    /// <summary>Every main container has ended for good, or an init container has failed for good.</summary>
    internal static bool IsComplete(PodRecord record, string restartPolicy) =>
        InitFailed(record, restartPolicy)
        || (NextInit(record) is null && record.Main.All(run => run.State == RunState.Terminated && IsFinal(run, restartPolicy)));

    internal static bool InitFailed(PodRecord record, string restartPolicy) => restartPolicy == "Never"
        && record.Init.Any(run => run is { Sidecar: false, State: RunState.Terminated, Succeeded: false });

    internal static bool IsFinal(ContainerRun run, string restartPolicy) => restartPolicy switch
    {
        "Never" => true,
        "OnFailure" => run.Succeeded,
        _ => false,
    };

    /// <summary>An init container that has succeeded is never started again, whatever the policy.</summary>
    internal static string InitPolicy(string restartPolicy) => restartPolicy == "Always" ? "OnFailure" : restartPolicy;

    private static bool IsInitDoneOnce(ContainerRun run) => run.Sidecar ? run.Ended is not null || run.Started : run.Succeeded;

    private static bool MayStart(ContainerRun run, string restartPolicy) => run.State switch
    {
        RunState.Waiting => true,
        RunState.Terminated => !IsFinal(run, restartPolicy),
        _ => false,
    };
}
