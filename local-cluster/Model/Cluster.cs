using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Model;

/// <summary>core/v1 Node.</summary>
internal sealed record Node : KubeObject<Node>, IKubeObject<Node>
{
    public static ResourceKind Kind => new("", "v1", "Node", "nodes", Namespaced: false);

    public static JsonTypeInfo<Node> JsonType => LocalJson.Default.Node;

    public NodeSpec? Spec { get; init; }

    public NodeStatus? Status { get; init; }
}

internal sealed record NodeSpec
{
    public bool? Unschedulable { get; init; }
}

internal sealed record NodeStatus
{
    public IReadOnlyDictionary<string, Quantity>? Capacity { get; init; }

    public IReadOnlyDictionary<string, Quantity>? Allocatable { get; init; }

    public IReadOnlyList<NodeCondition>? Conditions { get; init; }

    public IReadOnlyList<NodeAddress>? Addresses { get; init; }

    public NodeSystemInfo? NodeInfo { get; init; }
}

internal sealed record NodeCondition
{
    public required string Type { get; init; }

    public required string Status { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastHeartbeatTime { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}

internal sealed record NodeAddress
{
    public required string Type { get; init; }

    public required string Address { get; init; }
}

/// <summary>core/v1 NodeSystemInfo; every member is always present on the wire.</summary>
internal sealed record NodeSystemInfo
{
    [JsonPropertyName("machineID")]
    public required string MachineId { get; init; }

    [JsonPropertyName("systemUUID")]
    public required string SystemUuid { get; init; }

    [JsonPropertyName("bootID")]
    public required string BootId { get; init; }

    public required string KernelVersion { get; init; }

    [JsonPropertyName("osImage")]
    public required string OsImage { get; init; }

    public required string ContainerRuntimeVersion { get; init; }

    public required string KubeletVersion { get; init; }

    public required string KubeProxyVersion { get; init; }

    public required string OperatingSystem { get; init; }

    public required string Architecture { get; init; }
}

/// <summary>core/v1 ServiceAccount.</summary>
internal sealed record ServiceAccount : KubeObject<ServiceAccount>, IKubeObject<ServiceAccount>
{
    public static ResourceKind Kind => new("", "v1", "ServiceAccount", "serviceaccounts");

    public static JsonTypeInfo<ServiceAccount> JsonType => LocalJson.Default.ServiceAccount;
}

/// <summary>autoscaling/v1 Scale: the subresource of whatever has replicas.</summary>
internal sealed record ScaleResource
{
    public ScaleSpec? Spec { get; init; }

    public ScaleStatus? Status { get; init; }
}

internal sealed record ScaleSpec
{
    public int? Replicas { get; init; }
}

internal sealed record ScaleStatus
{
    public int? Replicas { get; init; }

    /// <summary>In the form of the query parameter.</summary>
    public string? Selector { get; init; }
}
