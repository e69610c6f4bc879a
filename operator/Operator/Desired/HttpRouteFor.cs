using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Rollouts;

namespace Sluice.Operator.Desired;

/// <summary>
/// The route of a service whose split a Gateway carries out. It is ours as a whole, because its lists cannot be shared.
/// Its backends are the Services of the revisions and never the front: the front changes its pods and the route its
/// weights at different moments, and between them the old version's share would rise.
/// </summary>
internal static class HttpRouteFor
{
    public const string GatewayGroup = "gateway.networking.k8s.io";
    public const string GatewayKind = "Gateway";

    /// <summary>What the weights of a rule sum to.</summary>
    public const int WholeWeight = 1_000_000;

    const int WeightPerPercent = WholeWeight / TrafficSplit.Whole;
    const string GrpcPath = "/inference.GRPCInferenceService";
    const string AllPaths = "/";

    /// <param name="service">The owner; its spec names the Gateway.</param>
    /// <param name="gateway">To be attached to.</param>
    /// <param name="split">The shares.</param>
    /// <param name="front">The revision that the front Service selects.</param>
    public static HttpRoute Render(InferenceService service, GatewayReference gateway, TrafficSplit split, string front)
    {
        var shares = SharesOf(split, front);
        return new HttpRoute
        {
            Metadata = Child.Meta(service, service.Metadata.Name!, null),
            Spec = new HttpRouteSpec
            {
                ParentRefs = [Parent(gateway)],
                Hostnames = gateway.Hostnames is { Count: > 0 } hosts ? [.. hosts.Select(static h => h.ToLowerInvariant())] : null,
                Rules =
                [
                    // Who asks for a revision gets it; a header makes a match more specific than the one without.
                    .. shares.Length == 1 ? [] : shares.SelectMany(s => Rules([new Share(s.Revision, TrafficSplit.Whole)], s.Revision)),
                    .. Rules(shares, null),
                ],
            },
        };
    }

    /// <summary>
    /// Once the front has moved on, so do all that come through the Gateway: the first share is then of pods that only
    /// finish what they have.
    /// </summary>
    public static Share[] SharesOf(TrafficSplit split, string front) =>
        split.Shares[0].Revision == front ? [.. split.Shares] : [new Share(front, TrafficSplit.Whole)];

    /// <summary>What pods do with requests that a Gateway has divided: they answer them, and copy them to a shadow.</summary>
    public static TrafficSplit ForPods(TrafficSplit split)
    {
        var first = split.Shares[0];
        if (first.Percent is 0 or TrafficSplit.Whole)
            return split;
        var whole = TrafficSplit.Of([new Share(first.Revision, TrafficSplit.Whole), .. split.Shares.Skip(1).Select(static s => s with { Percent = 0 })]);
        return split.Copies is { } copies ? whole.Copying(copies.Revision, copies.Percent) : whole;
    }

    /// <summary>With everything said that the API would add.</summary>
    public static RouteParent Parent(GatewayReference gateway) => new()
    {
        Group = GatewayGroup,
        Kind = GatewayKind,
        Namespace = gateway.Namespace,
        Name = gateway.Name,
        SectionName = gateway.SectionName,
    };

    static HttpRouteRule[] Rules(IReadOnlyList<Share> shares, string? asked) =>
    [
        Rule(GrpcPath, Ports.ServiceGrpc, shares, asked),
        Rule(AllPaths, Ports.ServiceHttp, shares, asked),
    ];

    static HttpRouteRule Rule(string path, int port, IReadOnlyList<Share> shares, string? asked) => new()
    {
        Matches =
        [
            new HttpRouteMatch
            {
                Path = new HttpPathMatch { Type = "PathPrefix", Value = path },
                Headers = asked is null ? null : [new HttpHeaderMatch { Type = "Exact", Name = Headers.Revision, Value = asked }],
            },
        ],
        BackendRefs =
        [
            .. shares.Select(s => new RouteBackend
            {
                Group = "",
                Kind = "Service",
                Name = s.Revision,
                Port = port,
                Weight = s.Percent * WeightPerPercent,
            }),
        ],
    };
}
