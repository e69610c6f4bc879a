using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Reconcile;
using Sluice.Rollouts;

namespace Sluice.Plugin.Status;

/// <summary>All that the screen shows, and what <c>-o json</c> prints: made from the object alone.</summary>
internal sealed record StatusView
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>See <see cref="ServiceState"/>.</summary>
    public required string State { get; init; }

    public required int ExitCode { get; init; }

    public required string Why { get; init; }

    public string? Url { get; init; }

    public required IReadOnlyList<RevisionView> Revisions { get; init; }

    public RolloutView? Rollout { get; init; }

    public IReadOnlyList<GateEvidence>? Gates { get; init; }

    /// <summary>Conditions that a person should know of: what is not as it should be, and what waits.</summary>
    public IReadOnlyList<Condition>? Notable { get; init; }

    public string? NextAction { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? NextTime { get; init; }

    public static StatusView Of(InferenceService service)
    {
        var state = ServiceState.Of(service);
        var status = service.Status;
        return new StatusView
        {
            Namespace = service.Metadata.Namespace ?? "",
            Name = service.Metadata.Name ?? "",
            State = state.Word,
            ExitCode = state.ExitCode,
            Why = state.Why,
            Url = status?.Url,
            Revisions = [.. RevisionsOf(status)],
            Rollout = RolloutView.Of(service),
            Gates = status?.Rollout?.Evidence is { Count: > 0 } evidence ? evidence : null,
            Notable = [.. (status?.Conditions ?? []).Where(c => IsNotable(c) && c.Message != state.Why)],
            NextAction = status?.Rollout?.NextAction,
            NextTime = status?.Rollout?.NextTime,
        };
    }

    static IEnumerable<RevisionView> RevisionsOf(InferenceServiceStatus? status)
    {
        var rollout = status?.Rollout;
        var candidate = status?.Candidate;
        if (status?.Stable is { } stable)
        {
            yield return candidate is null
                ? RevisionView.Of("stable", stable, TrafficSplit.Whole, ConditionList.IsTrue(status.Conditions, ConditionTypes.TrafficReady) ? TrafficSplit.Whole : null)
                : RevisionView.Of("stable", stable, TrafficSplit.Whole - (rollout?.WeightDesired ?? 0), TrafficSplit.Whole - rollout?.WeightObserved);
        }

        if (candidate is not null)
            yield return RevisionView.Of("candidate", candidate, rollout?.WeightDesired ?? 0, rollout?.WeightObserved) with { Copies = rollout?.ShadowDesired };
        if (rollout?.Soak is { } soak)
            yield return RevisionView.Of("previous", soak.Previous, 0, 0);
    }

    static bool IsNotable(Condition condition) => condition.Type switch
    {
        ConditionTypes.Stalled or ConditionTypes.ApprovalRequired or ConditionTypes.Paused or "DriftDetected" => condition.Status == ConditionStatus.True,
        // The state says it, or the gates do.
        ConditionTypes.Reconciling or ConditionTypes.Promoted or ConditionTypes.GatesPassed => false,
        _ => condition.Status != ConditionStatus.True,
    };
}

/// <summary>One revision's row.</summary>
internal sealed record RevisionView
{
    /// <summary>stable, candidate, or previous: the one that is kept for the way back.</summary>
    public required string Role { get; init; }

    public string? Version { get; init; }

    public required string Revision { get; init; }

    public string? Digest { get; init; }

    public required int Replicas { get; init; }

    public required int ReadyReplicas { get; init; }

    /// <summary>The share that is asked for, in percent.</summary>
    public required int WeightWanted { get; init; }

    /// <summary>The share that the serving pods report; absent when they report none.</summary>
    public int? WeightObserved { get; init; }

    /// <summary>The share of requests that are copied to it, in percent.</summary>
    public int? Copies { get; init; }

    public static RevisionView Of(string role, RevisionStatus revision, int wanted, int? observed) => new()
    {
        Role = role,
        Version = revision.Version,
        Revision = revision.Revision,
        Digest = revision.Digest,
        Replicas = revision.Replicas ?? 0,
        ReadyReplicas = revision.ReadyReplicas ?? 0,
        WeightWanted = wanted,
        WeightObserved = observed,
    };
}

/// <summary>The attempt under way, or the last one.</summary>
internal sealed record RolloutView
{
    public int? Attempt { get; init; }

    public required string Strategy { get; init; }

    public string? Stage { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StageTime { get; init; }

    /// <summary>The running step, counted from 0.</summary>
    public int? Step { get; init; }

    /// <summary>What each step gives the candidate, and what it waits for.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StartedTime { get; init; }

    public string? Outcome { get; init; }

    /// <summary>Why the candidate goes, while it does.</summary>
    public string? Leaving { get; init; }

    public IReadOnlyList<string>? BlockedDigests { get; init; }

    public static RolloutView? Of(InferenceService service) => service.Status?.Rollout is not { } rollout ? null : new RolloutView
    {
        Attempt = rollout.Attempt,
        Strategy = service.Spec.Predictor.CanaryTrafficPercent is not null ? "by hand (canaryTrafficPercent)" : (service.Spec.Rollout?.Strategy ?? RolloutStrategy.Immediate).ToString(),
        Stage = rollout.Stage,
        StageTime = rollout.StageTime,
        Step = rollout.Step,
        Steps = [.. StepsFor.Spec(service.Spec).Select(Described)],
        StartedTime = rollout.StartedTime,
        Outcome = rollout.Outcome,
        Leaving = rollout.Leaving is { } leaving ? $"{leaving.Reason}: {leaving.Message}" : null,
        BlockedDigests = rollout.BlockedDigests,
    };

    static string Described(Step step)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        if (step.Shadow > 0)
            parts.Add($"copies of {step.Shadow} %");
        if (step.Weight > 0 || step.Shadow == 0)
            parts.Add($"{step.Weight} % of the requests");
        if (step.For > TimeSpan.Zero)
            parts.Add($"for {new Duration(step.For)}");
        if (step.MinRequests > 0)
            parts.Add($"at least {step.MinRequests} compared");
        if (step.Approval)
            parts.Add("left by approval");
        if (step.Held)
            parts.Add("held until canaryTrafficPercent changes");
        return string.Join(", ", parts);
    }
}
