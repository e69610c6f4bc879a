using System.Globalization;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>Which pods of a ReplicaSet go first: those that serve least; pure.</summary>
internal static class DeletionOrder
{
    private const string Cost = "controller.kubernetes.io/pod-deletion-cost";

    internal static IEnumerable<Pod> Sort(IEnumerable<Pod> pods) => pods
        .OrderBy(pod => string.IsNullOrEmpty(pod.Spec?.NodeName) ? 0 : 1)
        .ThenBy(pod => pod.Status?.Phase switch { "Running" => 2, "Unknown" => 1, _ => 0 })
        .ThenBy(pod => PodState.IsReady(pod) ? 1 : 0)
        .ThenBy(DeletionCost)
        .ThenByDescending(ReadySince)
        .ThenByDescending(PodState.Restarts)
        .ThenByDescending(pod => pod.Metadata.CreationTimestamp)
        .ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal);

    private static int DeletionCost(Pod pod) =>
        int.TryParse(pod.Metadata.Annotation(Cost), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost) ? cost : 0;

    private static DateTimeOffset ReadySince(Pod pod) =>
        pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready" && c.Status == ConditionStatus.True)?.LastTransitionTime
        ?? DateTimeOffset.MinValue;
}
