using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>
/// Who reaches the pods of a service, when its spec says so. What pods reach stays open: storages, sinks and registries are
/// found by names that no policy knows. Probes come from the pod's own node, which no policy keeps out.
/// </summary>
internal static class NetworkPolicyFor
{
    const string NamespaceName = "kubernetes.io/metadata.name";

    /// <summary>The label that every installation gives the operator's pods.</summary>
    const string OperatorName = "sluice-operator";

    /// <param name="service">The owner.</param>
    /// <param name="network">The spec's wishes.</param>
    /// <param name="operatorNamespace">Where the operator runs, which asks the pods what they have seen.</param>
    public static NetworkPolicy Render(InferenceService service, NetworkSpec network, string operatorNamespace) => new()
    {
        Metadata = Child.Meta(service, service.Metadata.Name!, null),
        Spec = new NetworkPolicySpec
        {
            PodSelector = Own(service),
            PolicyTypes = ["Ingress"],
            Ingress =
            [
                Rule([Ports.Http, Ports.Grpc], network.Clients?.Select(Peer) ?? [new NetworkPolicyPeer { PodSelector = new LabelSelector() }], new NetworkPolicyPeer { PodSelector = Own(service) }),
                Rule([Ports.Admin, Ports.Fetch], (network.Metrics ?? []).Select(Peer), new NetworkPolicyPeer
                {
                    NamespaceSelector = Labelled(NamespaceName, operatorNamespace),
                    PodSelector = Labelled(Labels.AppName, OperatorName),
                }),
            ],
        },
    };

    /// <summary>The pods of all revisions: a candidate is reached by those who reach stable.</summary>
    static LabelSelector Own(InferenceService service) => Labelled(Labels.Service, service.Metadata.Name!);

    /// <summary>Never without peers, which would mean everybody.</summary>
    static NetworkPolicyIngressRule Rule(IEnumerable<int> ports, IEnumerable<NetworkPolicyPeer> asked, NetworkPolicyPeer always) => new()
    {
        Ports = [.. ports.Select(static p => new NetworkPolicyPort { Protocol = "TCP", Port = p })],
        From = [.. asked, always],
    };

    static NetworkPolicyPeer Peer(NetworkPeerSpec peer) => new()
    {
        NamespaceSelector = peer.NamespaceSelector,
        PodSelector = peer.PodSelector,
        IpBlock = peer.IpBlock is { } block ? new IPBlock { Cidr = block.Cidr, Except = block.Except } : null,
    };

    static LabelSelector Labelled(string name, string value) => LabelSelector.Of(new Dictionary<string, string> { [name] = value });
}
