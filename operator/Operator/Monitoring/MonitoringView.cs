using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Monitoring;

/// <summary>What can be said of the data and the quality of a service, and what of it is told.</summary>
/// <param name="Drift">Null where it is not watched.</param>
/// <param name="Quality">Null where no feedback is taken.</param>
/// <param name="Shown">For status.</param>
internal sealed record MonitoringView(DriftFinding? Drift, QualityFinding? Quality, MonitoringStatus Shown)
{
    /// <param name="view">Whose spec and status.</param>
    /// <param name="reading">What its pods say.</param>
    /// <param name="taken">What was led to last, as far as it has been carried out.</param>
    /// <param name="now">The time of the pass.</param>
    /// <returns>Null when nothing is asked for.</returns>
    public static MonitoringView? Of(ServiceView view, MonitorReading reading, ReactionsTaken taken, DateTimeOffset now)
    {
        var (service, wished) = (view.Service, view.Service.Spec.Predictor.Monitoring);
        if (wished is null or { Drift: null, Feedback: null })
            return null;
        var stable = service.Status?.Stable?.Revision;
        // What was told of another revision is no reason to tell nothing of this one.
        var before = service.Status?.Monitoring is { } told && told.Revision == stable ? told : null;
        var drift = wished.Drift is null ? null : DriftFinding.Of(reading.Stable);
        var quality = wished.Feedback is { } feedback ? QualityFinding.Of(feedback, reading.Stable, view.Served, now) : null;
        return new MonitoringView(drift, quality, new MonitoringStatus
        {
            Revision = stable,
            Drift = drift?.Refreshed(before?.Drift),
            Quality = quality?.Refreshed(before?.Quality),
            Reaction = Reaction.ToDrift(service, drift, quality?.Seen, taken.Drift, now),
            QualityReaction = Reaction.ToQualityDrop(service, drift, quality?.Seen, taken.QualityDrop, now),
        });
    }

    /// <summary>Why a rollout is to stay where it is, without figures that change; null when nothing speaks against going on.</summary>
    public static string? Hold(ServiceView view, MonitorReading reading, DateTimeOffset now) => view.Service.Spec.Predictor.Monitoring switch
    {
        { Drift: not null, OnDrift.Hold: true } when DriftFinding.Of(reading.Stable).Compared is { Drifted: true } =>
            "predictor.monitoring.onDrift.hold is set, and the data has drifted; the condition DriftDetected says what moved.",
        { Feedback: { } feedback, OnQualityDrop.Hold: true } when QualityFinding.Of(feedback, reading.Stable, view.Served, now).Dropped is true =>
            "predictor.monitoring.onQualityDrop.hold is set, and quality has dropped; the condition QualityDropped says by how much.",
        _ => null,
    };

    public IEnumerable<Condition> Conditions()
    {
        if (Drift is not null)
            yield return Condition(Drift, Shown.Drift);
        if (Quality is not null)
            yield return Make(ConditionTypes.QualityDropped, Quality.Dropped, Quality.Reason, Quality.Describe(Shown.Quality));
    }

    static Condition Condition(DriftFinding finding, DriftStatus? shown)
    {
        if (shown is null)
            return Make(ConditionTypes.DriftDetected, null, finding.Reason, finding.Message);
        var reason = !shown.Drifted ? Reasons.NoDrift
            : shown.Scores.Any(static s => s.Prediction is not true && DriftFinding.IsMoved(s)) ? Reasons.DataDrift : Reasons.PredictionDrift;
        return Make(ConditionTypes.DriftDetected, shown.Drifted, reason, DriftFinding.Describe(shown));
    }

    static Condition Make(string type, bool? holds, string reason, string message) => new()
    {
        Type = type,
        Status = holds switch { true => ConditionStatus.True, false => ConditionStatus.False, null => ConditionStatus.Unknown },
        Reason = reason,
        Message = message,
    };
}
