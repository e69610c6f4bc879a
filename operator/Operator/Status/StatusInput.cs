using System.Collections.Immutable;
using Sluice.Operator.Api;
using Sluice.Operator.Monitoring;
using Sluice.Rollouts;
using Sluice.Rollouts.Evidence;

namespace Sluice.Operator.Status;

/// <summary>Everything that a status is made of.</summary>
/// <param name="Service">The object whose spec was acted on; its generation is the one that is observed.</param>
/// <param name="Plan">What the spec asks for.</param>
/// <param name="SpecProblem">Why the spec cannot be resolved to a revision.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="Seen">What it was decided on.</param>
/// <param name="Obstacles">What could not be written.</param>
internal sealed record StatusInput(
    InferenceService Service,
    RolloutPlan Plan,
    Failure? SpecProblem,
    Decision Decision,
    Observation Seen,
    IReadOnlyList<Failure> Obstacles)
{
    /// <summary>What the gates say of the step that was running.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>The HTTPRoute that there is or is about to be; null when the service is behind no Gateway.</summary>
    public string? Route { get; init; }

    /// <summary>The pods that have not said that they apply the split that is there.</summary>
    public IReadOnlyList<string> Behind { get; init; } = [];

    /// <summary>Why the Gateway cannot be believed to do what the route says; null when it can, or there is none.</summary>
    public string? RouteAwaited { get; init; }

    /// <summary>What the autoscaler says of the pods' metric that it cannot read; null when it can, or there is none.</summary>
    public string? ScaleUnread { get; init; }

    /// <summary>What is said of data and quality; null where nobody asked.</summary>
    public MonitoringView? Monitoring { get; init; }

    public Revision? Stable => Decision.State.Stable;

    public Revision? Candidate => Decision.State.Candidate;

    /// <summary>What keeps the candidate, or before there is a stable revision the first one, from becoming Ready.</summary>
    public Failure? CandidateFailure => Seen.Of(Candidate)?.Failure;

    public bool IsServing => Seen.Front.Serving.Count > 0;

    public bool IsPromoted => Stable is not null && Candidate is null && Stable.Is(Plan.Wanted);

    /// <summary>The fewest pods that a revision must have.</summary>
    public int FloorOf(Revision revision) =>
        Decision.Revisions.FirstOrDefault(r => r.Revision.Is(revision))?.Floor ?? 0;

    public string ReadyPods(Revision revision) =>
        $"{Seen.ReadyOf(revision)} of {Math.Max(Seen.Of(revision)?.Desired ?? 0, FloorOf(revision))} pods of {revision.Title} Ready";
}
