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
        [.. (status.History ?? []).Select(ToAttempt).OfType<FinishedAttempt>()]);

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
            WeightDesired = state.Weight,
            WeightObserved = state.Candidate is { } candidate ? seen.FrontIsAt(candidate) ? TrafficSplit.Whole : 0 : null,
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
            Message = h.Message,
        })];

    static Revision? ToRevision(RevisionStatus? status) => status is null ? null : new Revision(
        status.Revision, status.Version ?? status.Revision, status.StorageUri ?? "", status.Digest ?? status.Revision);

    static FinishedAttempt? ToAttempt(RolloutHistoryEntry entry) => ToEnum<RolloutOutcome>(entry.Outcome) is { } outcome
        ? new FinishedAttempt(
            entry.Attempt,
            new Revision(entry.Revision, entry.Version ?? entry.Revision, "", entry.Digest ?? entry.Revision),
            outcome,
            entry.StartedTime,
            entry.FinishedTime ?? default,
            entry.Message ?? "")
        : null;

    /// <summary>A word of a later operator is nothing that this one could act on.</summary>
    static T? ToEnum<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, out var value) ? value : null;
}
