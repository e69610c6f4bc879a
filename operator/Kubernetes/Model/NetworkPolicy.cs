using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>networking.k8s.io/v1 NetworkPolicy.</summary>
public sealed record NetworkPolicy : KubeObject<NetworkPolicy>, IKubeObject<NetworkPolicy>
{
    public static ResourceKind Kind => new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies");

    public static JsonTypeInfo<NetworkPolicy> JsonType => KubeJson.Default.NetworkPolicy;

    public NetworkPolicySpec? Spec { get; init; }
}

/// <summary>networking.k8s.io/v1 NetworkPolicySpec, as far as it is about who may come in.</summary>
public sealed record NetworkPolicySpec
{
    public required LabelSelector PodSelector { get; init; }

    /// <summary>Ingress, Egress.</summary>
    public IReadOnlyList<string>? PolicyTypes { get; init; }

    public IReadOnlyList<NetworkPolicyIngressRule>? Ingress { get; init; }
}

/// <summary>networking.k8s.io/v1 NetworkPolicyIngressRule. Without peers it is for everybody.</summary>
public sealed record NetworkPolicyIngressRule
{
    public IReadOnlyList<NetworkPolicyPort>? Ports { get; init; }

    public IReadOnlyList<NetworkPolicyPeer>? From { get; init; }
}

/// <summary>networking.k8s.io/v1 NetworkPolicyPort.</summary>
public sealed record NetworkPolicyPort
{
    public string? Protocol { get; init; }

    public IntOrString? Port { get; init; }
}

/// <summary>networking.k8s.io/v1 NetworkPolicyPeer: pods of namespaces, or addresses.</summary>
public sealed record NetworkPolicyPeer
{
    public LabelSelector? NamespaceSelector { get; init; }

    public LabelSelector? PodSelector { get; init; }

    public IPBlock? IpBlock { get; init; }
}

/// <summary>networking.k8s.io/v1 IPBlock.</summary>
public sealed record IPBlock
{
    public required string Cidr { get; init; }

    public IReadOnlyList<string>? Except { get; init; }
}
