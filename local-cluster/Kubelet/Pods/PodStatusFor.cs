using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>Renders what the kubelet knows as a pod's status; pure.</summary>
internal static class PodStatusFor
{
    internal static PodStatus Build(Pod pod, PodRecord record, string hostIp, DateTimeOffset now)
    {
        var policy = pod.Spec?.RestartPolicy ?? "Always";
        var phase = Phase(record, policy);
        return new PodStatus
        {
            ObservedGeneration = pod.Metadata.Generation,
            Phase = phase,
            Conditions = PodConditions.Build(pod, record, phase, now),
            Reason = record.Failure?.Reason,
            Message = record.Failure?.Message,
            HostIP = hostIp,
            HostIPs = [new IPAddressEntry { Ip = hostIp }],
            PodIP = record.PodIp,
            PodIPs = record.PodIp is { } ip ? [new IPAddressEntry { Ip = ip }] : null,
            QosClass = pod.Status?.QosClass ?? QosClass.Of(pod.Spec),
            StartTime = record.StartTime,
            InitContainerStatuses = record.Init.Count == 0 ? null : [.. record.Init.Select(run => Status(pod, record, run, policy))],
            ContainerStatuses = [.. record.Main.Select(run => Status(pod, record, run, policy))],
        };
    }

    /// <summary>The rules of the kubelet's getPhase.</summary>
    internal static string Phase(PodRecord record, string restartPolicy)
    {
        if (record.Failure is not null || PodPlan.InitFailed(record, restartPolicy))
            return "Failed";
        if (PodPlan.NextInit(record) is not null)
            return "Pending";
        if (record.Main.Any(run => run.State == RunState.Waiting && run.Ended is null))
            return "Pending";
        if (!PodPlan.IsComplete(record, restartPolicy))
            return "Running";
        return record.Main.All(run => run.Succeeded) ? "Succeeded" : "Failed";
    }

    private static ContainerStatus Status(Pod pod, PodRecord record, ContainerRun run, string policy)
    {
        var (state, last) = States(pod, record, run, policy);
        var isInit = record.Init.Contains(run) && !run.Sidecar;
        return new ContainerStatus
        {
            Name = run.Name,
            State = state,
            LastState = last is null ? new ContainerState() : new ContainerState { Terminated = last },
            // An init container is ready when it has done its work.
            Ready = isInit ? run.Succeeded : run is { State: RunState.Running, Ready: true },
            Started = run is { State: RunState.Running, Started: true },
            RestartCount = run.RestartCount,
            Image = run.Image,
            ImageID = run.ImageId ?? "",
            ContainerID = run.ContainerId,
        };
    }

    private static (ContainerState State, ContainerStateTerminated? Last) States(
        Pod pod, PodRecord record, ContainerRun run, string policy)
    {
        if (run.State == RunState.Running)
            return (new ContainerState { Running = new ContainerStateRunning { StartedAt = run.StartedAt } }, run.Ended);
        if (run.State == RunState.Waiting)
            return (new ContainerState { Waiting = run.Waiting ?? Preparing(record) }, run.Ended);
        var own = run.Sidecar ? "Always" : record.Init.Contains(run) ? PodPlan.InitPolicy(policy) : policy;
        var restarts = !PodPlan.IsFinal(run, own) && !record.Terminating && record.Failure is null;
        return restarts
            ? (new ContainerState { Waiting = CrashLoop(pod, run) }, run.Ended)
            : (new ContainerState { Terminated = run.Ended }, null);
    }

    private static ContainerStateWaiting Preparing(PodRecord record) => new()
    {
        Reason = PodPlan.NextInit(record) is not null ? "PodInitializing" : "ContainerCreating",
    };

    private static ContainerStateWaiting CrashLoop(Pod pod, ContainerRun run)
    {
        var wait = run.Ended?.FinishedAt is { } finished && run.NotBefore > finished ? run.NotBefore - finished : TimeSpan.Zero;
        return new ContainerStateWaiting
        {
            Reason = "CrashLoopBackOff",
            Message = $"back-off {GoDuration(wait)} restarting failed container={run.Name} "
                + $"pod={pod.Metadata.Name}_{pod.Metadata.Namespace}({pod.Metadata.Uid})",
        };
    }

    private static string GoDuration(TimeSpan time)
    {
        var seconds = (long)Math.Round(time.TotalSeconds);
        return seconds < 60 ? $"{seconds}s" : $"{seconds / 60}m{seconds % 60}s";
    }
}
