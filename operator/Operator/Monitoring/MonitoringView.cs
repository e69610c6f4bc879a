using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;

namespace Sluice.Operator.Monitoring;

/// <summary>What can be said of the data and the quality of a service, and what of it is told.</summary>
/// <param name="Drift">Null where it is not watched.</param>
/// <param name="Accuracy">Null where no feedback is taken.</param>
/// <param name="Shown">For status.</param>
internal sealed record MonitoringView(DriftFinding? Drift, AccuracyFinding? Accuracy, MonitoringStatus Shown)
{
    /// <param name="view">Whose spec and status.</param>
    /// <param name="reading">What its pods say.</param>
    /// <param name="reaction">What drift led to last, as far as it has been carried out.</param>
    /// <param name="now">The time of the pass.</param>
    /// <returns>Null when nothing is asked for.</returns>
    public static MonitoringView? Of(ServiceView view, MonitorReading reading, ReactionStatus? reaction, DateTimeOffset now)
    {
        var (service, wished) = (view.Service, view.Service.Spec.Predictor.Monitoring);
        if (wished is null or { Drift: null, Feedback: null })
            return null;
        var stable = service.Status?.Stable?.Revision;
        // What was told of another revision is no reason to tell nothing of this one.
        var before = service.Status?.Monitoring is { } told && told.Revision == stable ? told : null;
        var drift = wished.Drift is null ? null : DriftFinding.Of(reading.Stable);
        var accuracy = wished.Feedback is { } feedback ? AccuracyFinding.Of(feedback, reading.Stable, view.Served, now) : null;
        return new MonitoringView(drift, accuracy, new MonitoringStatus
        {
            Revision = stable,
            Drift = drift?.Refreshed(before?.Drift),
            Accuracy = accuracy?.Refreshed(before?.Accuracy, SameVerdict(service, accuracy)),
            Reaction = Reaction.Next(service, drift?.Compared, reaction, now),
        });
    }

    /// <summary>Why a rollout is to stay where it is, without figures that change; null when nothing speaks against going on.</summary>
    public static string? Hold(ServiceView view, MonitorReading reading) =>
        view.Service.Spec.Predictor.Monitoring is { Drift: not null, OnDrift.Hold: true }
        && DriftFinding.Of(reading.Stable).Compared is { Drifted: true }
            ? "predictor.monitoring.onDrift.hold is set, and the data has drifted; the condition DriftDetected says what moved." : null;

    public IEnumerable<Condition> Conditions(InferenceService service)
    {
        if (Drift is not null)
            yield return Condition(Drift, Shown.Drift);
        if (Accuracy is not null)
            yield return Make(ConditionTypes.AccuracyDropped, Accuracy.Dropped, Accuracy.Reason, Accuracy.Describe(service.Spec.Predictor.Monitoring!.Feedback!, Shown.Accuracy));
    }

    static Condition Condition(DriftFinding finding, DriftStatus? shown)
    {
        if (shown is null)
            return Make(ConditionTypes.DriftDetected, null, finding.Reason, finding.Message);
        var reason = !shown.Drifted ? Reasons.NoDrift
            : shown.Scores.Any(static s => s.Prediction is not true && DriftFinding.IsMoved(s)) ? Reasons.DataDrift : Reasons.PredictionDrift;
        return Make(ConditionTypes.DriftDetected, shown.Drifted, reason, DriftFinding.Describe(shown));
    }

    static bool SameVerdict(InferenceService service, AccuracyFinding finding) =>
        ConditionList.Find(service.Status?.Conditions, ConditionTypes.AccuracyDropped)?.Reason == finding.Reason;

    static Condition Make(string type, bool? holds, string reason, string message) => new()
    {
        Type = type,
        Status = holds switch { true => ConditionStatus.True, false => ConditionStatus.False, null => ConditionStatus.Unknown },
        Reason = reason,
        Message = message,
    };
}
