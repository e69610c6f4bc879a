using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>The conditions that the kubelet owns, with those of others kept as they are; pure.</summary>
internal static class PodConditions
{
    internal static IReadOnlyList<PodCondition> Build(Pod pod, PodRecord record, string phase, DateTimeOffset now)
    {
        var containersReady = ContainersReady(record, phase);
        List<PodCondition> own =
        [
            PodScheduled(pod, now),
            Of("PodReadyToStartContainers", record.PodIp is not null, null, null),
            Initialized(record, phase),
            Ready(pod, record, containersReady),
            containersReady,
        ];
        var before = pod.Status?.Conditions ?? [];
        var stamped = own.Select(condition => Stamp(condition, before, pod.Metadata.Generation, now));
        var foreign = before.Where(old => own.All(condition => condition.Type != old.Type));
        return [.. stamped, .. foreign];
    }

    private static PodCondition Initialized(PodRecord record, string phase)
    {
        var pending = record.Init.Where(run => !PodPlan.IsInitDone(run)).Select(run => run.Name).ToList();
        return phase == "Succeeded" ? Of("Initialized", true, "PodCompleted", null)
            : pending.Count == 0 || PodPlan.NextInit(record) is null ? Of("Initialized", true, null, null)
            : Of("Initialized", false, "ContainersNotInitialized", $"containers with incomplete status: {Names(pending)}");
    }

    private static PodCondition ContainersReady(PodRecord record, string phase)
    {
        if (phase is "Succeeded" or "Failed")
            return Of("ContainersReady", false, phase == "Failed" ? "PodFailed" : "PodCompleted", null);
        var unready = record.Main.Concat(record.Init.Where(run => run.Sidecar))
            .Where(run => run is not { State: RunState.Running, Ready: true })
            .Select(run => run.Name).ToList();
        return unready.Count == 0
            ? Of("ContainersReady", true, null, null)
            : Of("ContainersReady", false, "ContainersNotReady", $"containers with unready status: {Names(unready)}");
    }

    private static PodCondition Ready(Pod pod, PodRecord record, PodCondition containersReady)
    {
        if (containersReady.Status != ConditionStatus.True)
            return containersReady with { Type = "Ready" };
        var closed = (pod.Spec?.ReadinessGates ?? [])
            .Where(gate => !IsTrue(pod, gate.ConditionType))
            .Select(gate => $"the status of pod readiness gate \"{gate.ConditionType}\" is not \"True\"").ToList();
        return closed.Count == 0
            ? Of("Ready", true, null, null)
            : Of("Ready", false, "ReadinessGatesNotReady", string.Join("; ", closed));
    }

    private static PodCondition PodScheduled(Pod pod, DateTimeOffset now) =>
        pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "PodScheduled" && c.Status == ConditionStatus.True)
        ?? Of("PodScheduled", true, null, null) with { LastTransitionTime = now };

    private static bool IsTrue(Pod pod, string type) =>
        pod.Status?.Conditions?.FirstOrDefault(c => c.Type == type)?.Status == ConditionStatus.True;

    // The time of a transition stays until the status changes: a new time each pass would be a write each pass.
    private static PodCondition Stamp(
        PodCondition condition, IReadOnlyList<PodCondition> before, long? generation, DateTimeOffset now)
    {
        var old = before.FirstOrDefault(c => c.Type == condition.Type);
        var time = old is not null && old.Status == condition.Status ? old.LastTransitionTime : condition.LastTransitionTime;
        return condition with { LastTransitionTime = time ?? now, ObservedGeneration = generation };
    }

    private static PodCondition Of(string type, bool status, string? reason, string? message) => new()
    {
        Type = type,
        Status = status ? ConditionStatus.True : ConditionStatus.False,
        Reason = reason,
        Message = message,
    };

    private static string Names(IEnumerable<string> names) => $"[{string.Join(' ', names)}]";
}
