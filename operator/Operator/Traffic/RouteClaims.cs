using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Rollouts;

namespace Sluice.Operator.Traffic;

/// <summary>
/// Whether a host of a Gateway is another route's. Two claim the same when they are attached to the same listeners and
/// name the same host, or both name none; a host that is named goes before a wildcard, so those two do not meet.
/// </summary>
internal static class RouteClaims
{
    /// <param name="service">Who wants the host.</param>
    /// <param name="gateway">Where.</param>
    /// <param name="ours">The service's route, if it is there.</param>
    /// <param name="routes">All others, and maybe that.</param>
    /// <returns>Null when the service may have it.</returns>
    public static Failure? Against(InferenceService service, GatewayReference gateway, HttpRoute? ours, IEnumerable<HttpRoute> routes)
    {
        var parent = HttpRouteFor.Parent(gateway);
        var hosts = Hosts(gateway.Hostnames);
        var other = routes
            .Where(r => r.Key != service.Metadata.Key && r.Metadata.DeletionTimestamp is null)
            .Where(r => (r.Spec?.ParentRefs ?? []).Any(p => Meet(p, r.Metadata.Namespace ?? "", parent, service.Metadata.Namespace ?? "")))
            .Where(r => hosts.Overlaps(Hosts(r.Spec?.Hostnames)) && (ours is null || IsBefore(r, ours)))
            .Order(Comparer<HttpRoute>.Create(static (a, b) => IsBefore(a, b) ? -1 : 1))
            .FirstOrDefault();
        if (other is null)
            return null;
        var host = hosts.Intersect(Hosts(other.Spec?.Hostnames)).Order(StringComparer.Ordinal).First();
        var what = host == AllHosts ? "every host that no other route names" : $"host '{host}'";
        return new Failure(
            Reasons.HostTaken,
            $"HTTPRoute '{other.Metadata.Name}' in namespace '{other.Metadata.Namespace}' already has {what} at Gateway '{gateway.Namespace ?? service.Metadata.Namespace}/{gateway.Name}' and is left as it is. "
            + "Give this service other names in spec.rollout.gatewayRef.hostnames, or remove that route.",
            Final: true);
    }

    const string AllHosts = "*";

    static HashSet<string> Hosts(IReadOnlyList<string>? named) =>
        named is { Count: > 0 } ? [.. named.Select(static h => h.ToLowerInvariant())] : [AllHosts];

    static bool Meet(RouteParent one, string oneNs, RouteParent other, string otherNs) =>
        (one.Kind ?? HttpRouteFor.GatewayKind) == HttpRouteFor.GatewayKind
        && one.Name == other.Name
        && (one.Namespace ?? oneNs) == (other.Namespace ?? otherNs)
        && (one.SectionName is null || other.SectionName is null || one.SectionName == other.SectionName);

    /// <summary>The Gateway API's own order of routes that want the same.</summary>
    static bool IsBefore(HttpRoute one, HttpRoute other)
    {
        var byAge = Nullable.Compare(one.Metadata.CreationTimestamp, other.Metadata.CreationTimestamp);
        return (byAge != 0 ? byAge : string.CompareOrdinal(one.Key.ToString(), other.Key.ToString())) < 0;
    }
}
