using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>autoscaling/v2 HorizontalPodAutoscaler.</summary>
public sealed record HorizontalPodAutoscaler : KubeObject<HorizontalPodAutoscaler>, IKubeObject<HorizontalPodAutoscaler>
{
    public static ResourceKind Kind => new("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers");

    public static JsonTypeInfo<HorizontalPodAutoscaler> JsonType => KubeJson.Default.HorizontalPodAutoscaler;

    public HorizontalPodAutoscalerSpec? Spec { get; init; }

    public HorizontalPodAutoscalerStatus? Status { get; init; }
}

/// <summary>autoscaling/v2 HorizontalPodAutoscalerSpec.</summary>
public sealed record HorizontalPodAutoscalerSpec
{
    public CrossVersionObjectReference? ScaleTargetRef { get; init; }

    public int? MinReplicas { get; init; }

    public int? MaxReplicas { get; init; }

    public IReadOnlyList<MetricSpec>? Metrics { get; init; }

    public HorizontalPodAutoscalerBehavior? Behavior { get; init; }
}

/// <summary>autoscaling/v2 CrossVersionObjectReference.</summary>
public sealed record CrossVersionObjectReference
{
    public string? ApiVersion { get; init; }

    public required string Kind { get; init; }

    public required string Name { get; init; }
}

/// <summary>autoscaling/v2 MetricSpec; the member named by <c>Type</c> is set.</summary>
public sealed record MetricSpec
{
    /// <summary>Resource, Pods, Object, ContainerResource or External.</summary>
    public required string Type { get; init; }

    public ResourceMetricSource? Resource { get; init; }

    public ContainerResourceMetricSource? ContainerResource { get; init; }

    public PodsMetricSource? Pods { get; init; }

    public ExternalMetricSource? External { get; init; }
}

/// <summary>autoscaling/v2 ResourceMetricSource.</summary>
public sealed record ResourceMetricSource
{
    public required string Name { get; init; }

    public required MetricTarget Target { get; init; }
}

/// <summary>autoscaling/v2 ContainerResourceMetricSource.</summary>
public sealed record ContainerResourceMetricSource
{
    public required string Name { get; init; }

    public required string Container { get; init; }

    public required MetricTarget Target { get; init; }
}

/// <summary>autoscaling/v2 PodsMetricSource.</summary>
public sealed record PodsMetricSource
{
    public required MetricIdentifier Metric { get; init; }

    public required MetricTarget Target { get; init; }
}

/// <summary>autoscaling/v2 ExternalMetricSource.</summary>
public sealed record ExternalMetricSource
{
    public required MetricIdentifier Metric { get; init; }

    public required MetricTarget Target { get; init; }
}

/// <summary>autoscaling/v2 MetricIdentifier.</summary>
public sealed record MetricIdentifier
{
    public required string Name { get; init; }

    public LabelSelector? Selector { get; init; }
}

/// <summary>autoscaling/v2 MetricTarget.</summary>
public sealed record MetricTarget
{
    /// <summary>Utilization, Value or AverageValue.</summary>
    public required string Type { get; init; }

    public int? AverageUtilization { get; init; }

    public Quantity? AverageValue { get; init; }

    public Quantity? Value { get; init; }
}

/// <summary>autoscaling/v2 HorizontalPodAutoscalerBehavior.</summary>
public sealed record HorizontalPodAutoscalerBehavior
{
    public ScalingRules? ScaleUp { get; init; }

    public ScalingRules? ScaleDown { get; init; }
}

/// <summary>autoscaling/v2 HPAScalingRules.</summary>
public sealed record ScalingRules
{
    public int? StabilizationWindowSeconds { get; init; }

    public string? SelectPolicy { get; init; }

    public IReadOnlyList<ScalingPolicy>? Policies { get; init; }
}

/// <summary>autoscaling/v2 HPAScalingPolicy.</summary>
public sealed record ScalingPolicy
{
    public required string Type { get; init; }

    public required int Value { get; init; }

    public required int PeriodSeconds { get; init; }
}

/// <summary>autoscaling/v2 HorizontalPodAutoscalerStatus.</summary>
public sealed record HorizontalPodAutoscalerStatus
{
    public long? ObservedGeneration { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastScaleTime { get; init; }

    public int? CurrentReplicas { get; init; }

    public int? DesiredReplicas { get; init; }

    public IReadOnlyList<MetricStatus>? CurrentMetrics { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>autoscaling/v2 MetricStatus.</summary>
public sealed record MetricStatus
{
    public required string Type { get; init; }

    public ResourceMetricStatus? Resource { get; init; }

    public PodsMetricStatus? Pods { get; init; }
}

/// <summary>autoscaling/v2 ResourceMetricStatus.</summary>
public sealed record ResourceMetricStatus
{
    public required string Name { get; init; }

    public required MetricValueStatus Current { get; init; }
}

/// <summary>autoscaling/v2 PodsMetricStatus.</summary>
public sealed record PodsMetricStatus
{
    public required MetricIdentifier Metric { get; init; }

    public required MetricValueStatus Current { get; init; }
}

/// <summary>autoscaling/v2 MetricValueStatus.</summary>
public sealed record MetricValueStatus
{
    public int? AverageUtilization { get; init; }

    public Quantity? AverageValue { get; init; }

    public Quantity? Value { get; init; }
}
