using System.Collections.Immutable;
using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;
using Sample = (System.Collections.Immutable.ImmutableArray<string> Labels, double Value);

namespace Sluice.Operator.Metrics;

/// <summary>What status says of every service, as numbers: read from the stores at each scrape, and kept nowhere else.</summary>
internal sealed class FleetMetrics(Func<IEnumerable<InferenceService>> services, Func<IEnumerable<ModelVersion>> versions)
{
    /// <summary>Nothing while another process leads, so that every service has its series once.</summary>
    public static FleetMetrics Of(StoresByNamespace stores, Leadership leadership) => new(
        () => leadership.Holds ? stores.All.SelectMany(static s => s.Services.Store.All) : [],
        () => leadership.Holds ? stores.All.SelectMany(static s => s.Versions.Store.All) : []);

    public void Register(MetricRegistry registry)
    {
        OfServices(registry, OperatorCatalog.ServiceInfo, static (key, s) => [Info(key, s)]);
        OfServices(registry, OperatorCatalog.ServiceCondition, static (key, s) => Conditions(key, s.Status?.Conditions));
        OfServices(registry, OperatorCatalog.Replicas, static (key, s) => Revisions(key, s, static r => r.Replicas));
        OfServices(registry, OperatorCatalog.ReadyReplicas, static (key, s) => Revisions(key, s, static r => r.ReadyReplicas));
        registry.Observe(OperatorCatalog.VersionCondition, () => versions().SelectMany(
            static v => Conditions([v.Metadata.Namespace ?? "", v.Metadata.Name ?? ""], v.Status?.Conditions)));

        OfMonitoring(registry, OperatorCatalog.DriftScore, static (key, m) => Scores(key, m.Drift, static s => s.Score));
        OfMonitoring(registry, OperatorCatalog.DriftThreshold, static (key, m) => Scores(key, m.Drift, static s => s.Threshold));
        OfMonitoring(registry, OperatorCatalog.DriftedShare, static (key, m) => Maybe(key, m.Drift?.Share));
        OfMonitoring(registry, OperatorCatalog.DriftReaction, static (key, m) => Maybe(key, Unix(m.Reaction?.Time)));
        OfMonitoring(registry, OperatorCatalog.QualityReaction, static (key, m) => Maybe(key, Unix(m.QualityReaction?.Time)));
        OfMonitoring(registry, OperatorCatalog.Quality, static (key, m) => Figures(key, m.Quality, static f => f.Value));
        OfMonitoring(registry, OperatorCatalog.QualityExpected, static (key, m) => Figures(key, m.Quality, static f => f.Expected));
        OfMonitoring(registry, OperatorCatalog.QualityLimit, static (key, m) => Figures(key, m.Quality, static f => f.Limit));
        OfMonitoring(registry, OperatorCatalog.QualityRows, static (key, m) => Figures(key, m.Quality, static f => f.Rows));

        OfRollouts(registry, OperatorCatalog.Stage, static (key, r) => r.Stage is { } stage ? [([.. key, stage], 1)] : []);
        OfRollouts(registry, OperatorCatalog.Step, static (key, r) => Maybe(key, r.Stage is null ? null : r.Step));
        OfRollouts(registry, OperatorCatalog.Attempt, static (key, r) => Maybe(key, r.Attempt));
        OfRollouts(registry, OperatorCatalog.StartTime, static (key, r) => Maybe(key, r.Stage is null ? null : Unix(r.StartedTime)));
        OfRollouts(registry, OperatorCatalog.StageTime, static (key, r) => Maybe(key, r.Stage is null ? null : Unix(r.StageTime)));
        OfRollouts(registry, OperatorCatalog.NextTime, static (key, r) => Maybe(key, r.Stage is null ? null : Unix(r.NextTime)));
        OfRollouts(registry, OperatorCatalog.Weight, static (key, r) =>
            [.. Maybe([.. key, "desired"], r.WeightDesired), .. Maybe([.. key, "observed"], r.WeightObserved)]);
        OfRollouts(registry, OperatorCatalog.ShadowWeight, static (key, r) => Maybe(key, r.ShadowDesired));
        OfServices(registry, OperatorCatalog.Held, static (key, s) =>
            s is { Spec.Predictor.CanaryTrafficPercent: not null, Status.Rollout.Stage: not null } ? [(key, 1)] : []);
        OfRollouts(registry, OperatorCatalog.LastOutcome, static (key, r) => r is { Stage: null, Outcome: { } outcome } ? [([.. key, outcome], 1)] : []);
        OfRollouts(registry, OperatorCatalog.GateVerdict, static (key, r) => (r.Evidence ?? []).Select(Sample (g) => ([.. key, g.Gate, g.Verdict], 1)));
        OfRollouts(registry, OperatorCatalog.GateSamples, static (key, r) => (r.Evidence ?? []).SelectMany(g => Maybe([.. key, g.Gate], g.Samples)));
    }

    void OfServices(MetricRegistry registry, MetricDescriptor metric, Func<ImmutableArray<string>, InferenceService, IEnumerable<Sample>> read) =>
        registry.Observe(metric, () => services().SelectMany(service => read([service.Metadata.Namespace ?? "", service.Metadata.Name ?? ""], service)));

    void OfRollouts(MetricRegistry registry, MetricDescriptor metric, Func<ImmutableArray<string>, RolloutStatus, IEnumerable<Sample>> read) =>
        OfServices(registry, metric, (key, service) => service.Status?.Rollout is { } rollout ? read(key, rollout) : []);

    void OfMonitoring(MetricRegistry registry, MetricDescriptor metric, Func<ImmutableArray<string>, MonitoringStatus, IEnumerable<Sample>> read) =>
        OfServices(registry, metric, (key, service) => service.Status?.Monitoring is { } monitoring ? read(key, monitoring) : []);

    static IEnumerable<Sample> Scores(ImmutableArray<string> key, DriftStatus? drift, Func<DriftScoreStatus, double> number) =>
        (drift?.Scores ?? []).Select(Sample (s) => ([.. key, s.Prediction is true ? "prediction" : "data", s.Feature, s.Method], number(s)));

    static IEnumerable<Sample> Figures(ImmutableArray<string> key, QualityStatus? quality, Func<QualityFigureStatus, double?> number) =>
        (quality?.Figures ?? []).SelectMany(f => Maybe([.. key, f.Metric], number(f)));

    static Sample Info(ImmutableArray<string> key, InferenceService service)
    {
        var (stable, candidate) = (service.Status?.Stable, service.Status?.Candidate);
        return (
        [
            .. key, (service.Spec.Rollout?.Strategy)?.ToString() ?? "", stable?.Version ?? "", stable?.Revision ?? "", candidate?.Version ?? "", candidate?.Revision ?? "",
        ], 1);
    }

    static IEnumerable<Sample> Conditions(ImmutableArray<string> key, IReadOnlyList<Condition>? conditions) =>
        (conditions ?? []).Select(Sample (c) => ([.. key, c.Type, c.Status], 1));

    static IEnumerable<Sample> Revisions(ImmutableArray<string> key, InferenceService service, Func<RevisionStatus, int?> count)
    {
        if (service.Status?.Stable is { } stable)
            yield return ([.. key, stable.Revision, "stable"], count(stable) ?? 0);
        if (service.Status?.Candidate is { } candidate)
            yield return ([.. key, candidate.Revision, "candidate"], count(candidate) ?? 0);
    }

    static IEnumerable<Sample> Maybe(ImmutableArray<string> labels, double? value) => value is { } known ? [(labels, known)] : [];

    static double? Unix(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() / 1000.0;
}
