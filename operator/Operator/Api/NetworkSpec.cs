using Sluice.Kubernetes.Model;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>Who reaches the pods of a service. Beside those named here: its own pods, which pass requests on to each other, and the operator.</summary>
public sealed record NetworkSpec
{
    /// <summary>Who may ask for predictions. An empty list names nobody. Default: every pod of the service's namespace.</summary>
    [ListAtomic, MaxItems(32)]
    public IReadOnlyList<NetworkPeerSpec>? Clients { get; init; }

    /// <summary>Who may read the admin port, where the metrics are: name Prometheus here. Default: the operator alone.</summary>
    [ListAtomic, MaxItems(32)]
    public IReadOnlyList<NetworkPeerSpec>? Metrics { get; init; }
}

/// <summary>Pods, or addresses outside of the cluster, as in a NetworkPolicy.</summary>
[Cel("has(self.namespaceSelector) || has(self.podSelector) || has(self.ipBlock)", "at least one of namespaceSelector, podSelector and ipBlock must be set")]
[Cel("!has(self.ipBlock) || !(has(self.namespaceSelector) || has(self.podSelector))", "ipBlock excludes namespaceSelector and podSelector")]
public sealed record NetworkPeerSpec
{
    /// <summary>Namespaces by their labels; kubernetes.io/metadata.name is the one that each has. Default: the service's own.</summary>
    public LabelSelector? NamespaceSelector { get; init; }

    /// <summary>Pods by their labels. Default: all pods of these namespaces.</summary>
    public LabelSelector? PodSelector { get; init; }

    /// <summary>Addresses, such as those of a load balancer.</summary>
    public AddressBlockSpec? IpBlock { get; init; }
}

/// <summary>A range of addresses.</summary>
public sealed record AddressBlockSpec
{
    /// <summary>The range, such as 10.0.0.0/8 or 2001:db8::/32.</summary>
    [Pattern("^[0-9a-fA-F.:]+/[0-9]{1,3}$"), MaxLength(64)]
    public required string Cidr { get; init; }

    /// <summary>Ranges in it that are left out.</summary>
    [ListAtomic, MaxItems(32), Pattern("^[0-9a-fA-F.:]+/[0-9]{1,3}$"), MaxLength(64)]
    public IReadOnlyList<string>? Except { get; init; }
}
