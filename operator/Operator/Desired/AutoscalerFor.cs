using System.Globalization;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>The HorizontalPodAutoscaler of one revision.</summary>
internal static class AutoscalerFor
{
    /// <param name="service">The owner.</param>
    /// <param name="revision">Whose pods.</param>
    /// <param name="floor">The fewest pods; above the spec's minimum for a candidate that must match stable.</param>
    /// <param name="scale">The spec's wishes.</param>
    public static HorizontalPodAutoscaler Render(InferenceService service, string revision, int floor, ScaleFor scale) => new()
    {
        Metadata = Child.Meta(service, revision, revision),
        Spec = new HorizontalPodAutoscalerSpec
        {
            ScaleTargetRef = new CrossVersionObjectReference
            {
                ApiVersion = Deployment.Kind.ApiVersion,
                Kind = Deployment.Kind.Kind,
                Name = revision,
            },
            MinReplicas = floor,
            MaxReplicas = scale.Max,
            Metrics = [scale.PodMetric is { } name ? OfPods(name, scale.Target) : OfResource(scale)],
        },
    };

    static MetricSpec OfResource(ScaleFor scale) => new()
    {
        Type = "Resource",
        Resource = new ResourceMetricSource
        {
            Name = scale.Metric is ScaleMetric.Memory ? "memory" : "cpu",
            Target = new MetricTarget { Type = "Utilization", AverageUtilization = scale.Target },
        },
    };

    static MetricSpec OfPods(string name, int target) => new()
    {
        Type = "Pods",
        Pods = new PodsMetricSource
        {
            Metric = new MetricIdentifier { Name = name },
            Target = new MetricTarget { Type = "AverageValue", AverageValue = target.ToString(CultureInfo.InvariantCulture) },
        },
    };

    /// <summary>What an autoscaler says of a metric of the pods that it cannot read; null while it can, or was not asked to.</summary>
    public static string? Unread(IEnumerable<HorizontalPodAutoscaler> autoscalers) => autoscalers
        .SelectMany(static a => a.Status?.Conditions ?? [])
        .FirstOrDefault(static c => c is { Type: "ScalingActive", Status: ConditionStatus.False, Reason: "FailedGetPodsMetric" })?.Message;
}
