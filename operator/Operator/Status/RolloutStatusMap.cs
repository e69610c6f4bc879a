using Sluice.Operator.Api;
using Sluice.Rollouts;

namespace Sluice.Operator.Status;

/// <summary>Between what <c>status</c> stores and what the planner remembers.</summary>
internal static class RolloutStatusMap
{
    public static RolloutState ToState(InferenceServiceStatus? status) => status is null ? RolloutState.Empty : new RolloutState(
        ToRevision(status.Stable),
        ToRevision(status.Candidate),
        status.Rollout?.Attempt ?? 0,
        ToEnum<Stage>(status.Rollout?.Stage),
        status.Rollout?.StartedTime,
        status.Rollout?.StageTime,
        ToEnum<RolloutOutcome>(status.Rollout?.Outcome),
        [.. (status.History ?? []).Select(ToAttempt).OfType<FinishedAttempt>()])
    {
        Step = status.Rollout?.Step,
        StepTime = status.Rollout?.StepTime,
        Weight = Percent(status.Rollout?.WeightDesired),
        Shadow = Percent(status.Rollout?.ShadowDesired),
        LackingTime = status.Rollout?.LackingTime,
        StableReplicas = status.Rollout?.StableReplicas ?? 0,
        StepsHash = status.Rollout?.StepsHash,
        Direct = status.Rollout?.Direct is true,
        Leaving = ToLeaving(status.Rollout?.Leaving),
        Soak = status.Rollout?.Soak is { } soak ? new Soak(ToRevision(soak.Previous)!, soak.Since, soak.Replicas) : null,
        Blocked = [.. status.Rollout?.BlockedDigests ?? []],
        Retry = status.Rollout?.RetrySeen,
    };

    public static RevisionStatus? ToStatus(Revision? revision, Observation seen)
    {
        if (revision is null)
            return null;
        var pods = seen.Of(revision);
        return new RevisionStatus
        {
            Revision = revision.Name,
            Version = revision.Version,
            StorageUri = revision.StorageUri,
            Digest = revision.Digest,
            Replicas = pods?.Desired ?? 0,
            ReadyReplicas = pods?.Ready ?? 0,
        };
    }

    public static RolloutStatus ToStatus(Decision decision, Observation seen)
    {
        var state = decision.State;
        return new RolloutStatus
        {
            Attempt = state.Attempt,
            Stage = state.Stage?.ToString(),
            Step = state.Step,
            StepTime = state.StepTime,
            WeightDesired = Desired(state),
            WeightObserved = Observed(state, seen),
            ShadowDesired = state.Shadow == 0 ? null : state.Shadow,
            LackingTime = state.LackingTime,
            StableReplicas = state.StableReplicas == 0 ? null : state.StableReplicas,
            StepsHash = state.StepsHash,
            Direct = state.Direct ? true : null,
            Leaving = state.Leaving is { } leaving
                ? new LeavingStatus { Outcome = leaving.Outcome.ToString(), Reason = leaving.Reason, Message = leaving.Message } : null,
            Soak = state.Soak is { } soak
                ? new SoakStatus { Previous = ToStatus(soak.Revision, seen)!, Since = soak.Since, Replicas = soak.Replicas } : null,
            BlockedDigests = state.Blocked.IsEmpty ? null : state.Blocked,
            RetrySeen = state.Retry,
            StartedTime = state.StartedTime,
            StageTime = state.StageTime,
            NextAction = decision.NextAction,
            NextTime = decision.NextTime,
            Outcome = state.Outcome?.ToString(),
        };
    }

    public static IReadOnlyList<RolloutHistoryEntry>? ToStatus(IReadOnlyCollection<FinishedAttempt> history) =>
        history.Count == 0 ? null : [.. history.Select(static h => new RolloutHistoryEntry
        {
            Attempt = h.Attempt,
            Revision = h.Revision.Name,
            Version = h.Revision.Version,
            Digest = h.Revision.Digest,
            Outcome = h.Outcome.ToString(),
            StartedTime = h.StartedTime,
            FinishedTime = h.FinishedTime,
            Reason = h.Reason,
            Message = h.Message,
        })];

    /// <summary>Without steps there are no shares: the front itself is what moves.</summary>
    static int? Desired(RolloutState state) => state.Candidate is null || state is { Stage: Stage.Promoting, Step: null, Weight: 0 } ? null : state.Weight;

    /// <summary>What of the candidate's share is known to apply: where the front is, and what the serving pods say.</summary>
    static int? Observed(RolloutState state, Observation seen)
    {
        if (state.Candidate is not { } candidate)
            return null;
        if (seen.FrontIsAt(candidate))
            return TrafficSplit.Whole;
        return seen.Split is { } split ? split.PercentOf(candidate.Name) : state.Step is null ? 0 : null;
    }

    static int Percent(int? stored) => Math.Clamp(stored ?? 0, 0, TrafficSplit.Whole);

    static Leaving? ToLeaving(LeavingStatus? stored) => ToEnum<RolloutOutcome>(stored?.Outcome) is { } outcome
        ? new Leaving(outcome, stored!.Reason, stored.Message)
        : null;

    static Revision? ToRevision(RevisionStatus? status) => status is null ? null : new Revision(
        status.Revision, status.Version ?? status.Revision, status.StorageUri ?? "", status.Digest ?? status.Revision);

    static FinishedAttempt? ToAttempt(RolloutHistoryEntry entry) => ToEnum<RolloutOutcome>(entry.Outcome) is { } outcome
        ? new FinishedAttempt(
            entry.Attempt,
            new Revision(entry.Revision, entry.Version ?? entry.Revision, "", entry.Digest ?? entry.Revision),
            outcome,
            entry.StartedTime,
            entry.FinishedTime ?? default,
            entry.Message ?? "") { Reason = entry.Reason }
        : null;

    /// <summary>A word of a later operator is nothing that this one could act on.</summary>
    static T? ToEnum<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, out var value) ? value : null;
}
