using Sluice.Operator.Api;

namespace Sluice.Operator.Monitoring;

/// <summary>What can lead to something.</summary>
/// <param name="Word">In the names of Jobs and events.</param>
/// <param name="Field">Of predictor.monitoring, that says what it leads to.</param>
/// <param name="EventType">Of the CloudEvent.</param>
/// <param name="Variables">How the Job's variables begin.</param>
/// <param name="Reported">Reason of the Event when the CloudEvent was taken.</param>
/// <param name="Because">In a sentence.</param>
/// <param name="Wished">What it leads to.</param>
/// <param name="Last">What it led to last.</param>
internal sealed record ReactionKind(
    string Word, string Field, string EventType, string Variables, string Reported, string Because,
    Func<MonitoringSpec, ReactionSpec?> Wished, Func<MonitoringStatus, ReactionStatus?> Last)
{
    public static readonly ReactionKind Drift = new(
        "drift", "predictor.monitoring.onDrift", "dev.sluice.drift.detected", "SLUICE_DRIFT_", Reasons.DriftReported, "the data has drifted",
        static s => s.OnDrift, static s => s.Reaction);

    public static readonly ReactionKind QualityDrop = new(
        "quality", "predictor.monitoring.onQualityDrop", "dev.sluice.quality.dropped", "SLUICE_QUALITY_", Reasons.QualityDropReported, "quality has dropped",
        static s => s.OnQualityDrop, static s => s.QualityReaction);

    public static IReadOnlyList<ReactionKind> All { get; } = [Drift, QualityDrop];

    public ReactionSpec? WishedBy(InferenceService service) => service.Spec.Predictor.Monitoring is { } spec ? Wished(spec) : null;

    public ReactionStatus? LastOf(InferenceService service) => service.Status?.Monitoring is { } status ? Last(status) : null;
}

/// <summary>What either has led to last.</summary>
internal sealed record ReactionsTaken(ReactionStatus? Drift, ReactionStatus? QualityDrop)
{
    public static ReactionsTaken None { get; } = new(null, null);
}
