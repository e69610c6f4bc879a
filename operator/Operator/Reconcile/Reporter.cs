using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Status;

namespace Sluice.Operator.Reconcile;

/// <summary>Tells by Events what changed, once: a condition that stays as it was is not told again.</summary>
internal static class Reporter
{
    /// <summary>Conditions whose going False is somebody's problem.</summary>
    static readonly string[] Watched = [ConditionTypes.Ready, ConditionTypes.CandidateHealthy, ConditionTypes.SpecHonoured];

    public static IEnumerable<Occasion> Of(StatusInput input, InferenceServiceStatus status)
    {
        foreach (var note in input.Decision.Notes)
            yield return new Occasion(note.Reason, note.Message, note.Warning);
        var before = input.Service.Status?.Conditions;
        foreach (var condition in status.Conditions ?? [])
        {
            if (IsNews(ConditionList.Find(before, condition.Type), condition))
                yield return new Occasion(condition.Reason!, condition.Message!, IsTrouble(condition));
        }
    }

    static bool IsNews(Condition? before, Condition now)
    {
        if (before?.Status == now.Status && before?.Reason == now.Reason)
            return false;
        if (now.Type == ConditionTypes.Ready && now.Status == ConditionStatus.True)
            return before?.Status != ConditionStatus.True;
        return IsTrouble(now) && now.Reason is not (Reasons.Starting or Reasons.PodsStarting or Reasons.ModelVersionNotReady);
    }

    static bool IsTrouble(Condition condition) =>
        (condition.Type == ConditionTypes.Stalled && condition.Status == ConditionStatus.True)
        || (Watched.Contains(condition.Type) && condition.Status == ConditionStatus.False);
}

/// <summary>One Event in the making.</summary>
internal sealed record Occasion(string Reason, string Message, bool Warning);
