using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Rollouts;

namespace Sluice.Operator.Traffic;

/// <summary>What is known of the route through a Gateway.</summary>
/// <param name="Live">The route that bears the service's name; null when there is none.</param>
/// <param name="Applied">The shares that the Gateway has accepted in full; null when it has not, or not these.</param>
/// <param name="Problem">What somebody must see to; null when nothing.</param>
/// <param name="MayWrite">False while the name or the host is another's, or nothing could be written.</param>
internal sealed record RouteReading(HttpRoute? Live, TrafficSplit? Applied, Failure? Problem, bool MayWrite)
{
    /// <summary>The service has no route and wants none.</summary>
    public static RouteReading None { get; } = new(null, null, null, MayWrite: false);

    /// <summary>What is waited for, for people; null when nothing.</summary>
    public string? Waiting { get; init; }

    public static RouteReading Without(string reason, string message) => new(null, null, new Failure(reason, message, Final: true), MayWrite: false);

    /// <param name="service">Whose route.</param>
    /// <param name="gateway">That the service asks for.</param>
    /// <param name="routes">Every route that may share the Gateway.</param>
    public static RouteReading Of(InferenceService service, GatewayReference gateway, IReadOnlyCollection<HttpRoute> routes)
    {
        var live = routes.FirstOrDefault(r => r.Key == service.Metadata.Key);
        var ours = live?.Metadata.Controller?.Uid == service.Metadata.Uid ? live : null;
        if (RouteClaims.Against(service, gateway, ours, routes) is { } claimed)
            return new RouteReading(ours, null, claimed, MayWrite: false);
        if (ours is null)
            return new RouteReading(null, null, null, MayWrite: true) { Waiting = $"HTTPRoute '{service.Metadata.Name}' is written." };
        var verdict = RouteVerdict.Of(ours, HttpRouteFor.Parent(gateway));
        return new RouteReading(ours, verdict.Accepted ? Shares(ours) : null, verdict.Problem, MayWrite: true) { Waiting = verdict.Waiting };
    }

    /// <summary>The shares that a route's rules carry out; null when they are not such as we write.</summary>
    public static TrafficSplit? Shares(HttpRoute route)
    {
        if (route.Spec?.Rules is not [.., { BackendRefs: { Count: > 0 } backends } last] || last.Filters is not null)
            return null;
        var weight = backends.Sum(static b => (long)(b.Weight ?? 1));
        var shares = backends.Select(b => new Share(b.Name, weight == 0 ? 0 : (int)((b.Weight ?? 1) * (long)TrafficSplit.Whole / weight))).ToArray();
        return shares.Sum(static s => s.Percent) == TrafficSplit.Whole && shares.DistinctBy(static s => s.Revision).Count() == shares.Length
            ? TrafficSplit.Of(shares) : null;
    }

    /// <summary>What the planner may believe: the Gateway's shares, and the copies that the pods make.</summary>
    /// <param name="pods">What the pods say; nobody asks them while there are no steps.</param>
    public TrafficSplit? With(SplitReading pods) =>
        Applied is null || ReferenceEquals(pods, SplitReading.None) ? Applied
        : pods.Applied is not { } said ? null
        : said.Copies is not { } copies ? Applied
        : Applied.Names(copies.Revision) ? Applied.Copying(copies.Revision, copies.Percent)
        : null;

    /// <summary>
    /// The front alone does not tell where users are: the Gateway may still send them to the revision that they are to
    /// leave, for as long as it has not accepted the route without it.
    /// </summary>
    public FrontObservation Behind(FrontObservation front, InferenceServiceStatus? status)
    {
        if (front.Serving.Count == 0 || status?.Stable is null)
            return front;
        // A share of a step is read back as a split; without steps only the front tells.
        var goes = status.Rollout is { Stage: nameof(Stage.RollingBack), Step: null } ? status.Candidate?.Revision : null;
        string?[] left = [status.Stable.Revision, goes];
        return front with { Serving = front.Serving.Union(left.OfType<string>().Where(r => Applied is null || Applied.PercentOf(r) > 0)) };
    }
}
