using System.Globalization;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Cluster;
using Sluice.LocalCluster.Controllers.Workloads;
using Sluice.LocalCluster.Kubelet.Usage;

namespace Sluice.LocalCluster.Controllers.Autoscaling;

/// <summary>A metric cannot be had; reason and message go into ScalingActive.</summary>
internal sealed class MetricException(string reason, string message) : Exception(message)
{
    internal string Reason { get; } = reason;
}

/// <summary>Computes what one metric of an autoscaler proposes from what the kubelet has measured; pure.</summary>
internal static class ResourceMetric
{
    /// <exception cref="MetricException">The metric is not measured here, or nothing is measured yet.</exception>
    internal static (MetricProposal Proposal, MetricStatus? Status) Propose(
        MetricSpec metric, int current, IReadOnlyCollection<Pod> pods, Func<Pod, IReadOnlyDictionary<string, ContainerUsage>> usage)
    {
        var (name, target, container) = metric switch
        {
            { Type: "Resource", Resource: { } r } => (r.Name, r.Target, null),
            { Type: "ContainerResource", ContainerResource: { } c } => (c.Name, c.Target, c.Container),
            _ => throw new MetricException($"FailedGet{metric.Type}Metric",
                $"the local cluster measures cpu and memory of pods, and has no source for {metric.Type} metrics"),
        };
        if (name is not ("cpu" or "memory"))
            throw new MetricException("FailedGetResourceMetric", $"the local cluster does not measure {name}");
        var samples = pods.Where(PodState.IsActive)
            .Select(pod => Sample(pod, name, container, target.AverageUtilization is not null, usage(pod))).ToList();
        var proposal = (target.AverageUtilization is { } percent
            ? Utilization.OfPercent(current, samples, percent)
            : Utilization.OfAverage(current, samples, target.AverageValue?.ToDecimal() ?? 1))
            ?? throw new MetricException("FailedGetResourceMetric",
                $"unable to get metrics for resource {name}: no ready pod has been measured yet");
        var value = new MetricValueStatus { AverageUtilization = proposal.Percent, AverageValue = Text(name, proposal.Average) };
        return (proposal, container is null
            ? new MetricStatus { Type = "Resource", Resource = new ResourceMetricStatus { Name = name, Current = value } }
            : null);
    }

    private static PodSample Sample(
        Pod pod, string resource, string? container, bool needsRequest, IReadOnlyDictionary<string, ContainerUsage> usage)
    {
        var containers = (pod.Spec?.Containers ?? []).Where(c => container is null || c.Name == container).ToList();
        var requests = containers.Select(c => (c.Name, Amount: Scheduling.Request(c, resource))).ToList();
        if (needsRequest && requests.Find(r => r.Amount == 0) is { Name: { } without })
            throw new MetricException("FailedGetResourceMetric",
                $"failed to get {resource} utilization: missing request for {resource} in container {without} of Pod {pod.Metadata.Name}");
        var measured = containers.TrueForAll(c => usage.ContainsKey(c.Name));
        decimal? used = measured
            ? containers.Sum(c => resource == "cpu" ? (decimal)usage[c.Name].CpuCores : usage[c.Name].MemoryBytes)
            : null;
        // Memory of a pod that is not ready yet counts: it does not fall when the pod becomes ready.
        return new PodSample(PodState.IsReady(pod) || (resource == "memory" && measured), used, requests.Sum(r => r.Amount));
    }

    private static Quantity Text(string resource, decimal value) => resource == "cpu"
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(value * 1000)}m")
        : Math.Floor(value).ToString(CultureInfo.InvariantCulture);
}
