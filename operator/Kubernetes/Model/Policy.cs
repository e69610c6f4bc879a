using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>policy/v1 PodDisruptionBudget.</summary>
public sealed record PodDisruptionBudget : KubeObject<PodDisruptionBudget>, IKubeObject<PodDisruptionBudget>
{
    public static ResourceKind Kind => new("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets");

    public static JsonTypeInfo<PodDisruptionBudget> JsonType => KubeJson.Default.PodDisruptionBudget;

    public PodDisruptionBudgetSpec? Spec { get; init; }

    public PodDisruptionBudgetStatus? Status { get; init; }
}

/// <summary>policy/v1 PodDisruptionBudgetSpec.</summary>
public sealed record PodDisruptionBudgetSpec
{
    public IntOrString? MinAvailable { get; init; }

    public IntOrString? MaxUnavailable { get; init; }

    public LabelSelector? Selector { get; init; }

    public string? UnhealthyPodEvictionPolicy { get; init; }
}

/// <summary>policy/v1 PodDisruptionBudgetStatus.</summary>
public sealed record PodDisruptionBudgetStatus
{
    public long? ObservedGeneration { get; init; }

    public int? DisruptionsAllowed { get; init; }

    public int? CurrentHealthy { get; init; }

    public int? DesiredHealthy { get; init; }

    public int? ExpectedPods { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }
}
