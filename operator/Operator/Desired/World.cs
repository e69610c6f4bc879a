using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;
using Sluice.Rollouts;

namespace Sluice.Operator.Desired;

/// <summary>
/// Everything that a service needs, in the order in which it is written: what pods need before pods, capacity before the
/// routes to it. What is not in here is removed afterwards.
/// </summary>
internal static class World
{
    /// <param name="view">The owner of all of it, and what there is of it.</param>
    /// <param name="decision">Which revisions have pods, and who serves.</param>
    /// <param name="records">The frozen inputs of every revision that the decision names.</param>
    /// <param name="mayRoute">Whether the name and the hosts of an HTTPRoute are the service's.</param>
    /// <param name="operatorNamespace">From where pods are read.</param>
    public static IReadOnlyList<WantedObject> Render(
        ServiceView view, Decision decision, IReadOnlyDictionary<string, KnownRecord> records, bool mayRoute, string operatorNamespace)
    {
        var service = view.Service;
        var wanted = new List<WantedObject>();
        if (service.Spec.Predictor.NetworkPolicy is { } network)
            wanted.Add(WantedObject.Of(NetworkPolicyFor.Render(service, network, operatorNamespace)));
        if (decision.Split is { } split)
            wanted.Add(new SplitConfigMapFor(service, view.IsBehindGateway ? HttpRouteFor.ForPods(split) : split, view.Services).Wanted(view.Split));
        var scale = ScaleFor.Spec(service.Spec.Predictor);
        foreach (var need in decision.Revisions)
        {
            // Without a record there is no Deployment either, only pods on their way out.
            if (records.TryGetValue(need.Revision.Name, out var known))
                wanted.AddRange(Revision(service, need, known, scale));
        }

        if (decision.Preview is { } preview)
            wanted.Add(WantedObject.Of(ServiceFor.Preview(service, preview)));
        if (decision.Front is { } front)
            wanted.Add(WantedObject.Of(ServiceFor.Front(service, front)));
        if (mayRoute && service.Spec.Rollout?.GatewayRef is { } gateway && decision is { Split: { } shares, Front: { } at })
            wanted.Add(WantedObject.Of(HttpRouteFor.Render(service, gateway, shares, at)));
        return wanted;
    }

    static IEnumerable<WantedObject> Revision(InferenceService service, RevisionNeed need, KnownRecord known, ScaleFor scale)
    {
        var name = need.Revision.Name;
        yield return WantedObject.Of(RevisionRecordFor.Render(service, name, known.Data, known.Number));
        yield return new WantedObject<Deployment>(DeploymentFor.Render(service, known.Record, scale.Autoscaled ? null : need.Floor))
        {
            Initial = DeploymentFor.Render(service, known.Record, need.Floor),
        };
        if (scale.Autoscaled)
            yield return WantedObject.Of(AutoscalerFor.Render(service, name, need.Floor, scale));
        if (scale.Min > 1)
            yield return WantedObject.Of(PodDisruptionBudgetFor.Render(service, name));
        yield return WantedObject.Of(ServiceFor.Revision(service, name));
    }
}
