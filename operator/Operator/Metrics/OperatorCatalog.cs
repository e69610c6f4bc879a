using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Diagnostics;
using static Sluice.Contract.Metrics.MetricDescriptor;

namespace Sluice.Operator.Metrics;

/// <summary>Every metric of the operator; docs/metrics.md is made of it.</summary>
internal static class OperatorCatalog
{
    static readonly string[] Service = ["namespace", "inferenceservice"];

    public static readonly MetricDescriptor BuildInfo = Gauge("sluice_operator_build_info", "Always 1.", "version");
    public static readonly MetricDescriptor Leading = Gauge("sluice_operator_leading", "1 while this process does the work: it holds the lease, or needs none.");
    public static readonly MetricDescriptor PodReads = Counter("sluice_pod_reads_total", "Times that a serving pod was asked for what it says of itself; answered or failed.", "result");

    public static readonly MetricDescriptor ServiceInfo = Gauge("sluice_inferenceservice_info", "Always 1; says which ModelVersion and revision serve and which are on their way, empty for none.", [.. Service, "strategy", "version", "stable", "candidate_version", "candidate"]);
    public static readonly MetricDescriptor ServiceCondition = Gauge("sluice_inferenceservice_condition", "Always 1, for the status (True, False, Unknown) that a condition has now.", [.. Service, "condition", "status"]);
    public static readonly MetricDescriptor Replicas = Gauge("sluice_inferenceservice_replicas", "Pods that are wanted; role is stable or candidate.", [.. Service, "revision", "role"]);
    public static readonly MetricDescriptor ReadyReplicas = Gauge("sluice_inferenceservice_ready_replicas", "Pods that have answered a real inference and take requests.", [.. Service, "revision", "role"]);
    public static readonly MetricDescriptor VersionCondition = Gauge("sluice_modelversion_condition", "Always 1, for the status that a condition has now.", "namespace", "modelversion", "condition", "status");

    public static readonly MetricDescriptor DriftScore = Gauge("sluice_drift_score", "Distance of a feature or an answer of the serving revision from its baseline, over all its pods; kind is data or prediction. The ten that are closest to or furthest beyond their thresholds.", [.. Service, "kind", "feature", "method"]);
    public static readonly MetricDescriptor DriftThreshold = Gauge("sluice_drift_threshold", "The score above which it has drifted.", [.. Service, "kind", "feature", "method"]);
    public static readonly MetricDescriptor DriftedShare = Gauge("sluice_drifted_features_share", "Features that have drifted, of all.", Service);
    public static readonly MetricDescriptor DriftReaction = Gauge("sluice_drift_reaction_time_seconds", "When drift last led to a Job or a CloudEvent, as Unix time.", Service);
    public static readonly MetricDescriptor QualityReaction = Gauge("sluice_quality_reaction_time_seconds", "When a drop of quality last led to a Job or a CloudEvent, as Unix time.", Service);
    public static readonly MetricDescriptor Quality = Gauge("sluice_quality", "By metric (accuracy, f1, brier, mae): what the labels of all pods of the serving revision say.", [.. Service, "metric"]);
    public static readonly MetricDescriptor QualityExpected = Gauge("sluice_quality_expected", "What its ModelVersion states.", [.. Service, "metric"]);
    public static readonly MetricDescriptor QualityLimit = Gauge("sluice_quality_limit", "Beyond it, unless by chance, quality has dropped.", [.. Service, "metric"]);
    public static readonly MetricDescriptor QualityRows = Gauge("sluice_quality_rows", "Answers with a label that the figure rests on.", [.. Service, "metric"]);

    public static readonly MetricDescriptor Stage = Gauge("sluice_rollout_stage", "Always 1, for the stage that a rollout is in; absent when nothing is under way.", [.. Service, "stage"]);
    public static readonly MetricDescriptor Step = Gauge("sluice_rollout_step", "The running step, counted from 0.", Service);
    public static readonly MetricDescriptor Attempt = Gauge("sluice_rollout_attempt", "Counts the attempts of this service, from 1.", Service);
    public static readonly MetricDescriptor StartTime = Gauge("sluice_rollout_start_time_seconds", "When the running rollout began, as Unix time.", Service);
    public static readonly MetricDescriptor StageTime = Gauge("sluice_rollout_stage_start_time_seconds", "When its stage began, as Unix time.", Service);
    public static readonly MetricDescriptor NextTime = Gauge("sluice_rollout_next_time_seconds", "When its next step is due, as Unix time; absent unless it is a matter of time.", Service);
    public static readonly MetricDescriptor Weight = Gauge("sluice_rollout_weight_percent", "The candidate's share of requests; kind is desired or observed.", [.. Service, "kind"]);
    public static readonly MetricDescriptor ShadowWeight = Gauge("sluice_rollout_shadow_percent", "The share of requests that are to be copied to the candidate.", Service);
    public static readonly MetricDescriptor Held = Gauge("sluice_rollout_held", "1 while the candidate is held at predictor.canaryTrafficPercent.", Service);
    public static readonly MetricDescriptor LastOutcome = Gauge("sluice_rollout_outcome", "Always 1, for the way the last rollout ended: Promoted, RolledBack, Aborted or Superseded; absent while one is under way.", [.. Service, "outcome"]);
    public static readonly MetricDescriptor GateVerdict = Gauge("sluice_gate_verdict", "Always 1, for what a gate of the running step says: Pass, Fail or Undecided.", [.. Service, "gate", "verdict"]);
    public static readonly MetricDescriptor GateSamples = Gauge("sluice_gate_samples", "Requests that a gate of the running step has looked at.", [.. Service, "gate"]);
    public static readonly MetricDescriptor Rollouts = Counter("sluice_rollouts_total", "Rollouts that ended, since this process leads.", [.. Service, "outcome"]);
    public static readonly MetricDescriptor RolloutDuration = Histogram("sluice_rollout_duration_seconds", "From the beginning of a rollout to its end.", "outcome");

    public static ImmutableArray<MetricGroup> Groups { get; } =
    [
        new("Operator", "Always.", [BuildInfo, Leading, PodReads]),
        new("InferenceServices", "By the leader alone, so that every service has its series once.", [ServiceInfo, ServiceCondition, Replicas, ReadyReplicas, VersionCondition]),
        new("Data and quality", "By the leader alone, of services with predictor.monitoring. As status says it: a score that says the same is told anew now and then.",
        [
            DriftScore, DriftThreshold, DriftedShare, DriftReaction, QualityReaction, Quality, QualityExpected, QualityLimit, QualityRows,
        ]),
        new("Rollouts", "By the leader alone.",
        [
            Stage, Step, Attempt, StartTime, StageTime, NextTime, Weight, ShadowWeight, Held, LastOutcome, GateVerdict, GateSamples, Rollouts, RolloutDuration,
        ]),
        new("Work and the API server", "Always.", [.. Meters.Instruments.Select(Of)]),
        new("Process", "Always.", ProcessSeries.Metrics),
    ];

    /// <summary>An instrument of .NET under the name that Prometheus wants: times end in _seconds, counters in _total.</summary>
    public static MetricDescriptor Of(MeterInstrument item)
    {
        var (instrument, help) = (item.Instrument, item.Instrument.Description ?? item.Instrument.Name);
        return instrument switch
        {
            Histogram<double> => Histogram(instrument.Name + "_seconds", help, item.Tags.AsSpan()),
            UpDownCounter<long> => Gauge(instrument.Name, help, item.Tags.AsSpan()),
            _ => Counter(instrument.Name + "_total", help, item.Tags.AsSpan()),
        };
    }
}
