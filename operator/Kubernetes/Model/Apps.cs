using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>apps/v1 Deployment.</summary>
public sealed record Deployment : KubeObject<Deployment>, IKubeObject<Deployment>
{
    public static ResourceKind Kind => new("apps", "v1", "Deployment", "deployments");

    public static JsonTypeInfo<Deployment> JsonType => KubeJson.Default.Deployment;

    public DeploymentSpec? Spec { get; init; }

    public DeploymentStatus? Status { get; init; }
}

/// <summary>apps/v1 DeploymentSpec.</summary>
public sealed record DeploymentSpec
{
    public int? Replicas { get; init; }

    public LabelSelector? Selector { get; init; }

    public PodTemplateSpec? Template { get; init; }

    public DeploymentStrategy? Strategy { get; init; }

    public int? MinReadySeconds { get; init; }

    public int? RevisionHistoryLimit { get; init; }

    public bool? Paused { get; init; }

    public int? ProgressDeadlineSeconds { get; init; }
}

/// <summary>apps/v1 DeploymentStrategy.</summary>
public sealed record DeploymentStrategy
{
    /// <summary>RollingUpdate or Recreate.</summary>
    public string? Type { get; init; }

    public RollingUpdateDeployment? RollingUpdate { get; init; }
}

/// <summary>apps/v1 RollingUpdateDeployment.</summary>
public sealed record RollingUpdateDeployment
{
    public IntOrString? MaxUnavailable { get; init; }

    public IntOrString? MaxSurge { get; init; }
}

/// <summary>apps/v1 DeploymentStatus.</summary>
public sealed record DeploymentStatus
{
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? UpdatedReplicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }

    public int? UnavailableReplicas { get; init; }

    public int? CollisionCount { get; init; }

    public IReadOnlyList<DeploymentCondition>? Conditions { get; init; }
}

/// <summary>apps/v1 DeploymentCondition.</summary>
public sealed record DeploymentCondition
{
    public required string Type { get; init; }

    public required string Status { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastUpdateTime { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}

/// <summary>apps/v1 ReplicaSet.</summary>
public sealed record ReplicaSet : KubeObject<ReplicaSet>, IKubeObject<ReplicaSet>
{
    public static ResourceKind Kind => new("apps", "v1", "ReplicaSet", "replicasets");

    public static JsonTypeInfo<ReplicaSet> JsonType => KubeJson.Default.ReplicaSet;

    public ReplicaSetSpec? Spec { get; init; }

    public ReplicaSetStatus? Status { get; init; }
}

/// <summary>apps/v1 ReplicaSetSpec.</summary>
public sealed record ReplicaSetSpec
{
    public int? Replicas { get; init; }

    public int? MinReadySeconds { get; init; }

    public LabelSelector? Selector { get; init; }

    public PodTemplateSpec? Template { get; init; }
}

/// <summary>apps/v1 ReplicaSetStatus.</summary>
public sealed record ReplicaSetStatus
{
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? FullyLabeledReplicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>apps/v1 ControllerRevision: an immutable snapshot of state.</summary>
public sealed record ControllerRevision : KubeObject<ControllerRevision>, IKubeObject<ControllerRevision>
{
    public static ResourceKind Kind => new("apps", "v1", "ControllerRevision", "controllerrevisions");

    public static JsonTypeInfo<ControllerRevision> JsonType => KubeJson.Default.ControllerRevision;

    public required long Revision { get; init; }

    public JsonElement? Data { get; init; }
}
