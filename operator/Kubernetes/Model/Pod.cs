using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>core/v1 Pod.</summary>
public sealed record Pod : KubeObject<Pod>, IKubeObject<Pod>
{
    public static ResourceKind Kind => new("", "v1", "Pod", "pods");

    public static JsonTypeInfo<Pod> JsonType => KubeJson.Default.Pod;

    public PodSpec? Spec { get; init; }

    public PodStatus? Status { get; init; }
}

/// <summary>core/v1 PodTemplateSpec.</summary>
public sealed record PodTemplateSpec
{
    public ObjectMeta? Metadata { get; init; }

    public PodSpec? Spec { get; init; }
}

/// <summary>core/v1 PodSpec.</summary>
public sealed record PodSpec
{
    public IReadOnlyList<Container>? InitContainers { get; init; }

    public IReadOnlyList<Container>? Containers { get; init; }

    public IReadOnlyList<Volume>? Volumes { get; init; }

    public PodSecurityContext? SecurityContext { get; init; }

    /// <summary>Always, OnFailure or Never.</summary>
    public string? RestartPolicy { get; init; }

    public long? TerminationGracePeriodSeconds { get; init; }

    public long? ActiveDeadlineSeconds { get; init; }

    public string? ServiceAccountName { get; init; }

    public bool? AutomountServiceAccountToken { get; init; }

    public bool? EnableServiceLinks { get; init; }

    public string? NodeName { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public IReadOnlyList<Toleration>? Tolerations { get; init; }

    public JsonElement? Affinity { get; init; }

    public IReadOnlyList<TopologySpreadConstraint>? TopologySpreadConstraints { get; init; }

    public IReadOnlyList<LocalObjectReference>? ImagePullSecrets { get; init; }

    public string? PriorityClassName { get; init; }

    public string? RuntimeClassName { get; init; }

    public string? Hostname { get; init; }

    public string? Subdomain { get; init; }

    public string? SchedulerName { get; init; }

    public string? DnsPolicy { get; init; }

    public bool? HostNetwork { get; init; }

    public bool? HostPID { get; init; }

    public bool? HostIPC { get; init; }

    public IReadOnlyList<PodReadinessGate>? ReadinessGates { get; init; }
}

/// <summary>core/v1 PodReadinessGate.</summary>
public sealed record PodReadinessGate
{
    public required string ConditionType { get; init; }
}

/// <summary>core/v1 Toleration.</summary>
public sealed record Toleration
{
    public string? Key { get; init; }

    public string? Operator { get; init; }

    public string? Value { get; init; }

    public string? Effect { get; init; }

    public long? TolerationSeconds { get; init; }
}

/// <summary>core/v1 TopologySpreadConstraint.</summary>
public sealed record TopologySpreadConstraint
{
    public required int MaxSkew { get; init; }

    public required string TopologyKey { get; init; }

    public required string WhenUnsatisfiable { get; init; }

    public LabelSelector? LabelSelector { get; init; }

    public int? MinDomains { get; init; }

    public IReadOnlyList<string>? MatchLabelKeys { get; init; }
}

/// <summary>core/v1 LocalObjectReference.</summary>
public sealed record LocalObjectReference
{
    public string? Name { get; init; }
}

/// <summary>core/v1 PodSecurityContext.</summary>
public sealed record PodSecurityContext
{
    public bool? RunAsNonRoot { get; init; }

    public long? RunAsUser { get; init; }

    public long? RunAsGroup { get; init; }

    public long? FsGroup { get; init; }

    public string? FsGroupChangePolicy { get; init; }

    public IReadOnlyList<long>? SupplementalGroups { get; init; }

    public SeccompProfile? SeccompProfile { get; init; }
}

/// <summary>core/v1 SeccompProfile.</summary>
public sealed record SeccompProfile
{
    public required string Type { get; init; }

    public string? LocalhostProfile { get; init; }
}
