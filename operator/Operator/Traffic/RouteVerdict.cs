using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Rollouts;

namespace Sluice.Operator.Traffic;

/// <summary>What the Gateway's controller says of a route.</summary>
/// <param name="Accepted">All of it, as it is now.</param>
/// <param name="Problem">It was refused, wholly or in part.</param>
/// <param name="Waiting">It has not been looked at as it is now.</param>
internal sealed record RouteVerdict(bool Accepted, Failure? Problem, string? Waiting)
{
    const string AcceptedType = "Accepted";
    const string ResolvedRefsType = "ResolvedRefs";

    /// <summary>Only there while it is true: a rule was dropped, or an earlier configuration is still in force.</summary>
    const string PartiallyInvalidType = "PartiallyInvalid";

    /// <param name="route">Ours.</param>
    /// <param name="parent">The one whose word counts.</param>
    public static RouteVerdict Of(HttpRoute route, RouteParent parent)
    {
        var name = route.Metadata.Name;
        var ns = route.Metadata.Namespace ?? "";
        var gateway = $"{parent.Namespace ?? ns}/{parent.Name}";
        var said = (route.Status?.Parents ?? []).Where(p => IsSame(p.ParentRef, parent, ns)).ToArray();
        if (said.Length == 0)
            return new RouteVerdict(false, null, $"No controller has taken HTTPRoute '{name}' for Gateway '{gateway}' yet; is there such a Gateway, and does its listener allow routes of this namespace?");
        var generation = route.Metadata.Generation;
        var current = said.SelectMany(static p => p.Conditions ?? []).Where(c => c.ObservedGeneration == generation).ToArray();
        if (current.FirstOrDefault(static c => IsBad(c)) is { } bad)
        {
            var what = bad.Type == PartiallyInvalidType ? $"is {bad.Type}" : $"has {bad.Type} {bad.Status}";
            return new RouteVerdict(
                false, new Failure(Reasons.RouteNotAccepted, $"HTTPRoute '{name}' {what} at Gateway '{gateway}': {bad.Reason}: {bad.Message}", Final: true), null);
        }

        // An old PartiallyInvalid goes when the controller has looked again, and Accepted must say that it has.
        return said.All(static p => ConditionList.IsTrue(p.Conditions, AcceptedType) && ConditionList.IsTrue(p.Conditions, ResolvedRefsType))
            && said.All(p => (p.Conditions ?? []).All(c => c.ObservedGeneration == generation))
                ? new RouteVerdict(true, null, null)
                : new RouteVerdict(false, null, $"Waiting until Gateway '{gateway}' has accepted generation {generation} of HTTPRoute '{name}'.");
    }

    public static bool IsSame(RouteParent one, RouteParent other, string ns) =>
        (one.Group ?? HttpRouteFor.GatewayGroup) == (other.Group ?? HttpRouteFor.GatewayGroup)
        && (one.Kind ?? HttpRouteFor.GatewayKind) == (other.Kind ?? HttpRouteFor.GatewayKind)
        && (one.Namespace ?? ns) == (other.Namespace ?? ns)
        && (one.Name, one.SectionName, one.Port) == (other.Name, other.SectionName, other.Port);

    static bool IsBad(Condition condition) => condition.Type switch
    {
        // A controller that has only just seen it says so in this way.
        AcceptedType => condition is { Status: ConditionStatus.False, Reason: not "Pending" },
        ResolvedRefsType => condition.Status == ConditionStatus.False,
        PartiallyInvalidType => condition.Status == ConditionStatus.True,
        _ => false,
    };
}
