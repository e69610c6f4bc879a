using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>What is being served, what is on its way, and what happens next. Written by the operator alone.</summary>
public sealed record InferenceServiceStatus
{
    /// <summary>The generation of the spec that this status speaks of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Ready (users are being served), Promoted (what serves is what the spec asks for), Reconciling, Stalled, SpecHonoured, CandidateHealthy, TrafficReady, GatesPassed, Paused, ApprovalRequired, DriftDetected, QualityDropped.</summary>
    [ListMap("type"), MaxItems(32)]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>Where the model answers inside the cluster.</summary>
    public string? Url { get; init; }

    /// <summary>The HTTPRoute that brings requests through the Gateway, with router GatewayAPI.</summary>
    public string? Route { get; init; }

    /// <summary>The revision that serves.</summary>
    public RevisionStatus? Stable { get; init; }

    /// <summary>The revision that a rollout brings in.</summary>
    public RevisionStatus? Candidate { get; init; }

    /// <summary>The running or last rollout.</summary>
    public RolloutStatus? Rollout { get; init; }

    /// <summary>What the serving revision's pods watched, taken together.</summary>
    public MonitoringStatus? Monitoring { get; init; }

    /// <summary>Rollouts that ended, the latest first; at most ten.</summary>
    [ListAtomic, MaxItems(10)]
    public IReadOnlyList<RolloutHistoryEntry>? History { get; init; }
}

/// <summary>One revision: one model with one pod template.</summary>
public sealed record RevisionStatus
{
    /// <summary>The revision's name, which its Deployment, Service and frozen inputs bear.</summary>
    public required string Revision { get; init; }

    /// <summary>The ModelVersion's name, or the revision's name for an inline model.</summary>
    public string? Version { get; init; }

    /// <summary>Where the model is fetched from.</summary>
    public string? StorageUri { get; init; }

    /// <summary>What identifies the model to approve and abort: its SHA-256 as <c>sha256:HEX</c>, or the revision's name while no digest is known.</summary>
    public string? Digest { get; init; }

    /// <summary>Pods that are wanted.</summary>
    public int? Replicas { get; init; }

    /// <summary>Pods that have answered a real inference and take requests.</summary>
    public int? ReadyReplicas { get; init; }
}

/// <summary>One attempt to go from stable to candidate.</summary>
public sealed record RolloutStatus
{
    /// <summary>Counts the attempts of this service, from 1.</summary>
    public int? Attempt { get; init; }

    /// <summary>Pending, Verifying, Warming, Shadowing, Scaling, Shifting, Analyzing, AwaitingApproval, Promoting, Soaking, Retiring or RollingBack; absent when nothing is under way.</summary>
    public string? Stage { get; init; }

    /// <summary>The running step, counted from 0.</summary>
    public int? Step { get; init; }

    /// <summary>Since when the running step's exposure has been seen.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StepTime { get; init; }

    /// <summary>The candidate's share that is asked for, in percent.</summary>
    public int? WeightDesired { get; init; }

    /// <summary>The candidate's share that has been seen, in percent.</summary>
    public int? WeightObserved { get; init; }

    /// <summary>The share of requests that are to be copied to the candidate, in percent.</summary>
    public int? ShadowDesired { get; init; }

    /// <summary>When the attempt began.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StartedTime { get; init; }

    /// <summary>Since when the candidate has lacked the pods that it needs; absent while it has them.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LackingTime { get; init; }

    /// <summary>The pods that stable keeps while users are shared, so that all can come back.</summary>
    public int? StableReplicas { get; init; }

    /// <summary>What tells whether the steps are those that step counts in.</summary>
    public string? StepsHash { get; init; }

    /// <summary>The candidate served a moment ago and takes over again without steps.</summary>
    public bool? Direct { get; init; }

    /// <summary>Why the candidate goes, while it does.</summary>
    public LeavingStatus? Leaving { get; init; }

    /// <summary>Who served before and is kept for the way back.</summary>
    public SoakStatus? Soak { get; init; }

    /// <summary>The last rollout.retry that was seen.</summary>
    public string? RetrySeen { get; init; }

    /// <summary>When the stage began.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StageTime { get; init; }

    /// <summary>What the operator does or waits for, in a sentence.</summary>
    public string? NextAction { get; init; }

    /// <summary>When that is due, where it is a matter of time.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? NextTime { get; init; }

    /// <summary>Promoted, RolledBack, Aborted or Superseded, once the attempt has ended.</summary>
    public string? Outcome { get; init; }

    /// <summary>Digests that failed and are not tried again until rollout.retry changes.</summary>
    [ListSet, MaxItems(64)]
    public IReadOnlyList<string>? BlockedDigests { get; init; }

    /// <summary>What the gates of the running step have seen.</summary>
    [ListMap("gate"), MaxItems(16)]
    public IReadOnlyList<GateEvidence>? Evidence { get; init; }
}

/// <summary>Why an attempt is ended.</summary>
public sealed record LeavingStatus
{
    /// <summary>RolledBack, Aborted or Superseded, once nothing reaches the candidate any more.</summary>
    public required string Outcome { get; init; }

    /// <summary>What happened, in CamelCase.</summary>
    public required string Reason { get; init; }

    /// <summary>What happened, in a sentence.</summary>
    public required string Message { get; init; }
}

/// <summary>A revision that served until the last promotion.</summary>
public sealed record SoakStatus
{
    /// <summary>Which.</summary>
    public required RevisionStatus Previous { get; init; }

    /// <summary>When it was replaced.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public required DateTimeOffset Since { get; init; }

    /// <summary>The pods that it keeps.</summary>
    public required int Replicas { get; init; }
}

/// <summary>One gate's view of the running step.</summary>
public sealed record GateEvidence
{
    /// <summary>The gate's name.</summary>
    public required string Gate { get; init; }

    /// <summary>Pass, Fail or Undecided.</summary>
    public required string Verdict { get; init; }

    /// <summary>Requests that were looked at.</summary>
    public long? Samples { get; init; }

    /// <summary>The estimate and its bounds, and what they are held against.</summary>
    public string? Message { get; init; }
}

/// <summary>A rollout that ended.</summary>
public sealed record RolloutHistoryEntry
{
    /// <summary>The attempt's number.</summary>
    public required int Attempt { get; init; }

    /// <summary>The candidate's revision.</summary>
    public required string Revision { get; init; }

    /// <summary>The candidate's ModelVersion, or its revision's name for an inline model.</summary>
    public string? Version { get; init; }

    /// <summary>The candidate's digest.</summary>
    public string? Digest { get; init; }

    /// <summary>Promoted, RolledBack, Aborted or Superseded.</summary>
    public required string Outcome { get; init; }

    /// <summary>When the attempt began.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StartedTime { get; init; }

    /// <summary>When it ended.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? FinishedTime { get; init; }

    /// <summary>What made it end, in CamelCase; absent when it was promoted.</summary>
    public string? Reason { get; init; }

    /// <summary>Why it ended so.</summary>
    public string? Message { get; init; }
}
