using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Rollouts;

namespace Sluice.Operator.Status;

/// <summary>Why the pods of a revision are not Ready, as well as the API knows it.</summary>
internal static class PodFailures
{
    const int MessageLimit = 700;

    /// <summary>Trying the same again gives the same.</summary>
    static readonly HashSet<string> Final =
    [
        TerminationReasons.DigestMismatch, TerminationReasons.CorruptModel, TerminationReasons.UnsupportedOperator,
        TerminationReasons.TooLarge, TerminationReasons.InvalidUri, TerminationReasons.InvalidOptions,
        TerminationReasons.WarmupFailed, TerminationReasons.GoldenMismatch, TerminationReasons.InvalidExpectations, "InvalidImageName",
    ];

    /// <summary>A container that waits for one of these is on its way.</summary>
    static readonly HashSet<string> Normal = ["PodInitializing", "ContainerCreating"];

    /// <summary>The most telling cause; null when nothing is known to be wrong.</summary>
    /// <remarks>A cause that somebody must act on comes before one that may pass; then what a pod itself says comes first.</remarks>
    public static Failure? Of(IEnumerable<Pod> pods, Deployment? deployment) =>
        pods.Where(static p => p.Metadata.DeletionTimestamp is null && p.Status?.IsReady is not true)
            .OrderBy(static p => p.Metadata.Name, StringComparer.Ordinal)
            .Select(Of)
            .Append(NotCreated(deployment))
            .OfType<Failure>()
            .OrderBy(static f => f.Final ? 0 : 1)
            .FirstOrDefault();

    static Failure? Of(Pod pod)
    {
        var status = pod.Status;
        foreach (var container in (status?.InitContainerStatuses ?? []).Concat(status?.ContainerStatuses ?? []))
        {
            if (OfContainer(container) is { } failure)
                return failure;
        }

        if (status?.Conditions?.FirstOrDefault(static c => c is { Type: "PodScheduled", Status: ConditionStatus.False }) is { } condition)
            return Make(condition.Reason ?? Reasons.Unschedulable, condition.Message ?? "no node takes the pod");
        return status?.Phase == "Failed" ? Make(status.Reason ?? Reasons.ContainerFailed, status.Message ?? "the pod failed") : null;
    }

    static Failure? OfContainer(ContainerStatus container)
    {
        if (container.Ready is true)
            return null;
        // While a container waits to be started again, its last end says why; so does the one before when it just runs again.
        var ended = container.State?.Terminated ?? container.LastState?.Terminated;
        if (ended is not null && ended.ExitCode is not 0)
            return OfEnd(container, ended);
        return container.State?.Waiting is { Reason: { } reason } waiting && !Normal.Contains(reason)
            ? Make(reason, waiting.Message ?? $"container {container.Name} waits")
            : null;
    }

    /// <summary>Our programs say why they end. One that does not has been killed, or has crashed: once may be chance.</summary>
    static Failure OfEnd(ContainerStatus container, ContainerStateTerminated ended)
    {
        if (TerminationMessage.TryParse(ended.Message) is { } said)
            return Make(said.Reason, said.Message);
        var times = (container.RestartCount ?? 0) + (container.State?.Running is null ? 1 : 0);
        var how = ended.Reason == "OOMKilled"
            ? $"container {container.Name} needed more memory than its limit; raise predictor.model.resources.limits.memory"
            : $"container {container.Name} ended with exit code {ended.ExitCode}{Signal(ended.ExitCode)}{(times > 1 ? $", for the {times}. time" : "")}";
        var last = ended.Message?.Trim();
        return Make(
            ended.Reason is null or "Error" ? Reasons.ContainerFailed : ended.Reason, string.IsNullOrEmpty(last) ? how : $"{how}: {last}", times > 1);
    }

    static string Signal(int? exitCode) => exitCode switch
    {
        132 => " (SIGILL)",
        134 => " (SIGABRT)",
        135 => " (SIGBUS)",
        136 => " (SIGFPE)",
        137 => " (SIGKILL)",
        139 => " (SIGSEGV)",
        _ => "",
    };

    /// <summary>Quotas and admission refuse pods before there are any.</summary>
    static Failure? NotCreated(Deployment? deployment) =>
        deployment?.Status?.Conditions?.FirstOrDefault(static c => c is { Type: "ReplicaFailure", Status: ConditionStatus.True }) is { } condition
            ? Make(condition.Reason ?? Reasons.FailedCreate, condition.Message ?? "pods cannot be created")
            : null;

    static Failure Make(string reason, string message, bool final = false) =>
        new(reason, message.Length > MessageLimit ? message[..MessageLimit] + "…" : message, final || Final.Contains(reason));
}
