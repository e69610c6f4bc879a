using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Monitoring;
using Sluice.Operator.Status;

namespace Sluice.Operator.Reconcile;

/// <summary>Tells by Events what changed, once: a condition that stays as it was is not told again.</summary>
internal static class Reporter
{
    /// <summary>Conditions whose going False is somebody's problem.</summary>
    static readonly string[] Watched = [ConditionTypes.Ready, ConditionTypes.CandidateHealthy, ConditionTypes.SpecHonoured];

    /// <summary>Conditions whose going True is somebody's problem.</summary>
    static readonly string[] Feared = [ConditionTypes.Stalled, ConditionTypes.DriftDetected, ConditionTypes.QualityDropped];

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

        foreach (var occasion in ReactionKind.All.SelectMany(kind => Reactions(kind, kind.LastOf(input.Service), status.Monitoring is { } now ? kind.Last(now) : null)))
            yield return occasion;
    }

    static bool IsNews(Condition? before, Condition now)
    {
        if (before?.Status == now.Status && before?.Reason == now.Reason)
            return false;
        if (now.Type == ConditionTypes.Ready && now.Status == ConditionStatus.True)
            return before?.Status != ConditionStatus.True;
        if (now.Type is ConditionTypes.DriftDetected or ConditionTypes.QualityDropped && now.Status == ConditionStatus.False)
            return before?.Status == ConditionStatus.True;
        return IsTrouble(now) && now.Reason is not (Reasons.Starting or Reasons.PodsStarting or Reasons.ModelVersionNotReady);
    }

    static bool IsTrouble(Condition condition) =>
        (Feared.Contains(condition.Type) && condition.Status == ConditionStatus.True)
        || (Watched.Contains(condition.Type) && condition.Status == ConditionStatus.False);

    static IEnumerable<Occasion> Reactions(ReactionKind kind, ReactionStatus? before, ReactionStatus? now)
    {
        if (now is null)
            yield break;
        var earlier = before?.Time == now.Time ? before : null;
        if (now.JobStarted is true && earlier?.JobStarted is not true)
            yield return new Occasion(Reasons.RetrainingStarted, $"Job '{now.Job}' was started because {kind.Because}.", Warning: false);
        if (now.EventSent is true && earlier?.EventSent is not true)
            yield return new Occasion(kind.Reported, $"CloudEvent '{now.EventId}' was delivered because {kind.Because}.", Warning: false);
        if (now.Problem is { } problem && earlier?.Problem != problem)
            yield return new Occasion(Reasons.ReactionFailed, problem, Warning: true);
    }
}

/// <summary>One Event in the making.</summary>
internal sealed record Occasion(string Reason, string Message, bool Warning);
