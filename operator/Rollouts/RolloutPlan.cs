using System.Collections.Immutable;

namespace Sluice.Rollouts;

/// <summary>What the spec asks of a rollout.</summary>
/// <param name="Wanted">The revision that should serve; null when the spec cannot be resolved to one.</param>
/// <param name="MinReplicas">The fewest pods of a revision that serves, at least 1.</param>
/// <param name="MaxReplicas">The most pods of a revision; above <paramref name="MinReplicas"/> an autoscaler decides.</param>
/// <param name="ProgressDeadline">How long a candidate may lack the pods that it needs before it is taken back.</param>
/// <param name="Paused">Holds a candidate where it is. The first rollout and the way back ignore it.</param>
public sealed record RolloutPlan(Revision? Wanted, int MinReplicas, int MaxReplicas, TimeSpan ProgressDeadline, bool Paused)
{
    /// <summary>In order; none means that a Ready candidate is promoted. See <see cref="StepList"/>.</summary>
    public ImmutableArray<Step> Steps { get; init; } = [];

    /// <summary>The names of the gates, all of which must pass before a step that exposes the candidate is left.</summary>
    public ImmutableArray<string> Gates { get; init; } = [];

    /// <summary>How long the old revision keeps its pods after promotion.</summary>
    public TimeSpan Soak { get; init; }

    public Approval? Approve { get; init; }

    /// <summary>The digest of the candidate that is to be taken back.</summary>
    public string? Abort { get; init; }

    /// <summary>Another text than the last one lets blocked digests be tried again.</summary>
    public string? Retry { get; init; }

    public bool Autoscaled => MaxReplicas > MinReplicas;
}

/// <summary>A person's consent to steps of one candidate.</summary>
/// <param name="Digest">The candidate's; for any other one this is nothing.</param>
/// <param name="ThroughStep">The last step that it covers; null for all.</param>
public sealed record Approval(string Digest, int? ThroughStep)
{
    public bool Covers(Revision candidate, int step) => Digest == candidate.Digest && (ThroughStep is null || ThroughStep >= step);
}
