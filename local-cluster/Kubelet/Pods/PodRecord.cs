using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>Everything the kubelet knows of a pod beside the object itself.</summary>
internal sealed record PodRecord
{
    public required IReadOnlyList<ContainerRun> Init { get; init; }

    public required IReadOnlyList<ContainerRun> Main { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    /// <summary>Null until the pod has its address and volumes.</summary>
    public string? PodIp { get; init; }

    /// <summary>Set when the pod as a whole was ended, such as <c>DeadlineExceeded</c>.</summary>
    public PodFailure? Failure { get; init; }

    /// <summary>Deletion has begun: nothing starts and nothing is ready any more.</summary>
    public bool Terminating { get; init; }

    internal IEnumerable<ContainerRun> All => Init.Concat(Main);

    internal ContainerRun Run(string name) => All.First(run => run.Name == name);

    internal PodRecord With(ContainerRun run) => this with
    {
        Init = [.. Init.Select(old => old.Name == run.Name ? run : old)],
        Main = [.. Main.Select(old => old.Name == run.Name ? run : old)],
    };

    /// <summary>
    /// The state before anything runs. What the API says of an earlier life of the kubelet is taken over: those
    /// processes ended with it.
    /// </summary>
    internal static PodRecord For(Pod pod, DateTimeOffset now) => new()
    {
        Init = [.. (pod.Spec?.InitContainers ?? []).Select(c => Run(c, pod.Status?.InitContainerStatuses, now))],
        Main = [.. (pod.Spec?.Containers ?? []).Select(c => Run(c, pod.Status?.ContainerStatuses, now))],
        StartTime = pod.Status?.StartTime ?? now,
    };

    private static ContainerRun Run(Container container, IReadOnlyList<ContainerStatus>? statuses, DateTimeOffset now)
    {
        var run = new ContainerRun
        {
            Name = container.Name,
            Image = container.Image ?? "",
            Sidecar = container.RestartPolicy == "Always",
        };
        var known = statuses?.FirstOrDefault(status => status.Name == container.Name);
        if (known?.ContainerID is not { Length: > 0 } id)
            return run;
        var ended = known.State?.Terminated ?? new ContainerStateTerminated
        {
            ExitCode = 137,
            Reason = "ContainerStatusUnknown",
            Message = "The container ended together with the kubelet",
            StartedAt = known.State?.Running?.StartedAt,
            FinishedAt = now,
            ContainerID = id,
        };
        return run with
        {
            State = RunState.Terminated,
            Ended = ended,
            RestartCount = known.RestartCount ?? 0,
            ContainerId = id,
            ImageId = known.ImageID,
            NotBefore = now,
        };
    }
}

/// <summary>Why a pod as a whole has failed.</summary>
internal sealed record PodFailure(string Reason, string Message);
