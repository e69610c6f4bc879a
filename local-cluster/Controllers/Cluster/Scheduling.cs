using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Cluster;

/// <summary>Whether a pod fits on the one node; pure.</summary>
internal static class Scheduling
{
    private static readonly string[] Counted = ["cpu", "memory", "ephemeral-storage"];

    /// <summary>Null when it fits; otherwise the scheduler's sentence.</summary>
    internal static string? Problem(Pod pod, Node node, IReadOnlyCollection<Pod> running)
    {
        var reasons = new List<string>();
        if (node.Spec?.Unschedulable == true)
            reasons.Add("1 node(s) were unschedulable");
        if ((pod.Spec?.NodeSelector ?? new Dictionary<string, string>()).Any(l => node.Metadata.Label(l.Key) != l.Value))
            reasons.Add("1 node(s) didn't match Pod's node affinity/selector");
        var room = node.Status?.Allocatable ?? new Dictionary<string, Quantity>();
        foreach (var resource in Counted)
        {
            var wanted = Requests(pod, resource);
            if (wanted > 0 && room.TryGetValue(resource, out var all) && running.Sum(p => Requests(p, resource)) + wanted > all.ToDecimal())
                reasons.Add($"1 Insufficient {resource}");
        }
        if (room.TryGetValue("pods", out var most) && running.Count + 1 > most.ToDecimal())
            reasons.Add("1 Too many pods");
        return reasons.Count == 0 ? null : $"0/1 nodes are available: {string.Join(", ", reasons)}.";
    }

    /// <summary>What a pod asks for: its containers together, or its largest init container when that is more.</summary>
    internal static decimal Requests(Pod pod, string resource)
    {
        var main = (pod.Spec?.Containers ?? []).Sum(c => Request(c, resource));
        var init = (pod.Spec?.InitContainers ?? []).Select(c => Request(c, resource)).DefaultIfEmpty().Max();
        return Math.Max(main, init);
    }

    /// <summary>A request that is absent is the limit.</summary>
    internal static decimal Request(Container container, string resource) =>
        container.Resources?.Requests is { } requests && requests.TryGetValue(resource, out var request) ? request.ToDecimal()
        : container.Resources?.Limits is { } limits && limits.TryGetValue(resource, out var limit) ? limit.ToDecimal()
        : 0;
}
