using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>What a container is doing.</summary>
internal enum RunState
{
    Waiting,
    Running,
    Terminated,
}

/// <summary>One container of a pod as the kubelet knows it. Each method answers with the state after one event.</summary>
internal sealed record ContainerRun
{
    internal static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    // A run of twice the longest backoff clears it.
    private static readonly TimeSpan GoodRun = 2 * LongestBackoff;

    public required string Name { get; init; }

    public required string Image { get; init; }

    /// <summary>An init container that keeps running beside the others (restartPolicy: Always).</summary>
    public bool Sidecar { get; init; }

    public RunState State { get; init; }

    /// <summary>Why it waits, when there is more to say than that it is being prepared.</summary>
    public ContainerStateWaiting? Waiting { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public string? ContainerId { get; init; }

    public string? ImageId { get; init; }

    /// <summary>How the present or, while it runs or waits again, the last run ended.</summary>
    public ContainerStateTerminated? Ended { get; init; }

    public int RestartCount { get; init; }

    /// <summary>The startup probe has succeeded, or there is none.</summary>
    public bool Started { get; init; }

    /// <summary>The readiness probe succeeds, or there is none.</summary>
    public bool Ready { get; init; }

    /// <summary>What the next failure will wait; zero for the first one.</summary>
    public TimeSpan Backoff { get; init; }

    /// <summary>Earliest time of the next start.</summary>
    public DateTimeOffset NotBefore { get; init; }

    internal bool Succeeded => State == RunState.Terminated && Ended?.ExitCode == 0;

    /// <summary>The number that the next run will carry in its log's name.</summary>
    internal int NextRestartCount => Ended is null ? RestartCount : RestartCount + 1;

    internal ContainerRun Running(string containerId, string imageId, DateTimeOffset now) => this with
    {
        State = RunState.Running,
        Waiting = null,
        StartedAt = now,
        ContainerId = containerId,
        ImageId = imageId,
        RestartCount = NextRestartCount,
        Started = false,
        Ready = false,
    };

    internal ContainerRun Exited(ContainerStateTerminated end, DateTimeOffset now)
    {
        var backoff = StartedAt is { } started && now - started >= GoodRun ? TimeSpan.Zero : Backoff;
        return this with
        {
            State = RunState.Terminated,
            Ended = end,
            Started = false,
            Ready = false,
            NotBefore = now + backoff,
            Backoff = backoff == TimeSpan.Zero ? FirstBackoff : Shorter(backoff * 2, LongestBackoff),
        };
    }

    /// <summary>A start that could not be tried, such as one without its image; tried again after the backoff.</summary>
    internal ContainerRun CannotStart(string reason, string message, DateTimeOffset now)
    {
        var backoff = Backoff == TimeSpan.Zero ? FirstBackoff : Backoff;
        return this with
        {
            State = RunState.Waiting,
            Waiting = new ContainerStateWaiting { Reason = reason, Message = message },
            NotBefore = now + backoff,
            Backoff = Shorter(backoff * 2, LongestBackoff),
        };
    }

    /// <summary>A start whose configuration is incomplete; tried again at a steady pace, for it costs little.</summary>
    internal ContainerRun Misconfigured(string message, DateTimeOffset now) => this with
    {
        State = RunState.Waiting,
        Waiting = new ContainerStateWaiting { Reason = "CreateContainerConfigError", Message = message },
        NotBefore = now + FirstBackoff,
    };

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
