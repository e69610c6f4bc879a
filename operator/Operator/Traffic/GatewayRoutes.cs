using System.Collections.Concurrent;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Traffic;

/// <summary>
/// Reads the routes of services that ask for a Gateway. They are listed and not watched: the kind need not be there, and
/// most clusters have no such service. One list serves all services that look within a moment.
/// </summary>
/// <param name="client">Of the cluster.</param>
/// <param name="everywhere">Whether the operator sees all namespaces; else it knows of no claims but those in the service's.</param>
/// <param name="time">Of the lists.</param>
internal sealed class GatewayRoutes(KubeClient client, bool everywhere, TimeProvider time)
{
    const string Missing =
        "spec.rollout.router is GatewayAPI, and this cluster has no HTTPRoute (gateway.networking.k8s.io/v1): install a Gateway and the CRDs of the Gateway API, or set router to Pods.";

    const string Refused =
        "spec.rollout.router is GatewayAPI, and the operator may not read HTTPRoutes: apply config/gateway, which grants that.";

    const int PageSize = 500;

    static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(100);

    readonly ConcurrentDictionary<string, (long At, IReadOnlyList<HttpRoute> Routes)> lists = new();

    public async Task<RouteReading> ReadAsync(ServiceView view, CancellationToken cancel)
    {
        var rollout = view.Service.Spec.Rollout;
        var asked = view.IsBehindGateway;
        if (!asked && view.Service.Status?.Route is null)
            return RouteReading.None;
        if (RouterCheck.Problem(rollout) is { } problem)
            return new RouteReading(null, null, problem, MayWrite: false);
        try
        {
            var routes = await ListAsync(everywhere ? "" : view.Service.Metadata.Namespace!, cancel);
            return asked
                ? RouteReading.Of(view.Service, rollout!.GatewayRef!, routes)
                : RouteReading.None with { Live = routes.FirstOrDefault(r => r.Key == view.Service.Key && view.Owns(r)) };
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return asked ? RouteReading.Without(Reasons.GatewayApiMissing, Missing) : RouteReading.None;
        }
        catch (KubeApiException e) when (e.IsForbidden)
        {
            return RouteReading.Without(Reasons.Forbidden, $"{Refused} ({e.Status?.Message ?? e.Message})");
        }
    }

    /// <param name="ns">Empty for all.</param>
    async Task<IReadOnlyList<HttpRoute>> ListAsync(string ns, CancellationToken cancel)
    {
        if (lists.TryGetValue(ns, out var known) && time.GetElapsedTime(known.At) < Fresh)
            return known.Routes;
        // The moment before the request: what it holds is at least as new.
        var at = time.GetTimestamp();
        var all = new List<HttpRoute>();
        string? next = null;
        do
        {
            var page = await client.ListAsync<HttpRoute>(ns, new ListOptions { Limit = PageSize, Continue = next }, cancel);
            all.AddRange(page.Items);
            next = page.Continue;
        }
        while (!string.IsNullOrEmpty(next));
        lists[ns] = (at, all);
        return all;
    }
}
