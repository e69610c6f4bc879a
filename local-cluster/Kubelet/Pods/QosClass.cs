using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>The class of service that follows from requests and limits.</summary>
internal static class QosClass
{
    private static readonly string[] Counted = ["cpu", "memory"];

    internal static string Of(PodSpec? spec)
    {
        var containers = (spec?.Containers ?? []).Concat(spec?.InitContainers ?? []).ToList();
        if (!containers.Any(HasAny))
            return "BestEffort";
        return containers.All(container => Counted.All(resource => IsGuaranteed(container, resource)))
            ? "Guaranteed"
            : "Burstable";
    }

    private static bool HasAny(Container container) =>
        Counted.Any(resource => Amount(container.Resources?.Requests, resource) > 0
            || Amount(container.Resources?.Limits, resource) > 0);

    // A request that is absent is the limit.
    private static bool IsGuaranteed(Container container, string resource)
    {
        var limit = Amount(container.Resources?.Limits, resource);
        var request = Amount(container.Resources?.Requests, resource);
        return limit > 0 && (request == 0 || request == limit);
    }

    private static decimal Amount(IReadOnlyDictionary<string, Quantity>? amounts, string resource) =>
        amounts is not null && amounts.TryGetValue(resource, out var value) ? value.ToDecimal() : 0;
}
