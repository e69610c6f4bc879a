using System.Collections.Immutable;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Status;
using Sluice.Rollouts;

namespace Sluice.Operator.Reconcile;

/// <summary>From what the stores hold to what the planner looks at. Reads nothing else.</summary>
internal static class Observer
{
    public static Observation Observe(ServiceView view, IReadOnlyDictionary<string, KnownRecord> records)
    {
        var deployments = view.Deployments.Where(view.Owns).ToDictionary(static d => d.Metadata.Name!);
        var pods = view.Pods.ToLookup(static p => p.Metadata.Label(Labels.Revision));
        var names = deployments.Keys.Concat(pods.Select(static g => g.Key).OfType<string>()).Distinct().Order(StringComparer.Ordinal);
        return new Observation(
            [.. names.Select(n => Revision(Identify(records, n), deployments.GetValueOrDefault(n), [.. pods[n]]))],
            Front(view));
    }

    static RevisionObservation Revision(Revision revision, Deployment? deployment, Pod[] pods) => new(
        revision,
        deployment?.Spec?.Replicas ?? 0,
        pods.Count(ServiceView.IsReady),
        PodFailures.Of(pods, deployment));

    static Revision Identify(IReadOnlyDictionary<string, KnownRecord> records, string name) =>
        records.TryGetValue(name, out var known) ? known.Record.ToRevision() : new Revision(name, name, "", name);

    static FrontObservation Front(ServiceView view)
    {
        if (view.Front is not { } front || !view.Owns(front))
            return FrontObservation.None;
        var revisions = view.Pods.ToDictionary(static p => p.Metadata.Name!, static p => p.Metadata.Label(Labels.Revision));
        var serving = view.Slices
            .Where(s => s.Metadata.Label(EndpointSlice.ServiceNameLabel) == view.Name)
            .SelectMany(static s => s.Endpoints ?? [])
            .Where(static e => e.Conditions?.Ready is not false && e.TargetRef?.Name is not null)
            .Select(e => revisions.GetValueOrDefault(e.TargetRef!.Name!))
            .OfType<string>();
        return new FrontObservation(
            front.Spec?.Selector?.GetValueOrDefault(Labels.Revision),
            serving.ToImmutableHashSet());
    }
}
