using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>What controllers ask of a pod.</summary>
internal static class PodState
{
    internal static bool IsTerminal(Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    /// <summary>Neither finished nor on its way out.</summary>
    internal static bool IsActive(Pod pod) => !IsTerminal(pod) && pod.Metadata.DeletionTimestamp is null;

    internal static bool IsReady(Pod pod) => pod.Status?.IsReady ?? false;

    /// <summary>When a pod that is ready counts as available; null while it is not ready.</summary>
    internal static DateTimeOffset? AvailableAt(Pod pod, int minReadySeconds)
    {
        var ready = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready" && c.Status == ConditionStatus.True);
        if (ready is null)
            return null;
        return minReadySeconds == 0 ? DateTimeOffset.MinValue : ready.LastTransitionTime?.AddSeconds(minReadySeconds);
    }

    internal static int Restarts(Pod pod) => pod.Status?.ContainerStatuses?.Sum(c => c.RestartCount ?? 0) ?? 0;
}
