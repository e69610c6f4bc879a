using System.Collections.Immutable;

namespace Sluice.Rollouts.Evidence;

/// <summary>
/// What has been counted since the exposure of one step was seen, over the same time for both revisions. What is null
/// could not be had; a gate that needs it is undecided.
/// </summary>
public sealed record StepEvidence
{
    public RevisionEvidence Stable { get; init; } = new();

    public RevisionEvidence Candidate { get; init; } = new();

    /// <summary>Candidate's answers against stable's to the same requests; null where nothing is copied.</summary>
    public AgreementEvidence? Agreement { get; init; }

    /// <summary>How long the way to another pod takes, from the shadow steps of this attempt; null where none was measured.</summary>
    public WayEvidence? Way { get; init; }

    /// <summary>The highest drift score of the candidate, and the rows behind it; null while it has none.</summary>
    public DriftEvidence? Drift { get; init; }

    /// <summary>The same of stable.</summary>
    public DriftEvidence? StableDrift { get; init; }

    /// <summary>Why drift and feedback of the candidate are not known; null when its pods all tell.</summary>
    public string? Unwatched { get; init; }

    /// <summary>Of PromQL gates, by gate; a query without one finite number is not in here.</summary>
    public ImmutableDictionary<string, double> Queries { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Why something is missing from the counts, in a sentence; null when they are whole. Then nothing passes.</summary>
    public string? Incomplete { get; init; }
}

/// <summary>What stable's answers took, with and without a hop.</summary>
/// <param name="Direct">Users' requests, where they came in.</param>
/// <param name="Passed">Copies of such requests that another pod of stable answered.</param>
public sealed record WayEvidence(Latencies Direct, Latencies Passed);

/// <summary>How far the candidate's data lie from the baseline.</summary>
/// <param name="Score">The highest one.</param>
/// <param name="Rows">That it was found in.</param>
public readonly record struct DriftEvidence(double Score, long Rows);

/// <summary>Of one revision.</summary>
public sealed record RevisionEvidence
{
    /// <summary>Requests that failed among all but those whose caller went away.</summary>
    public Tally Failures { get; init; }

    public Latencies Latencies { get; init; } = Latencies.None;

    /// <summary>Answers with NaN or infinity among those looked into.</summary>
    public Tally NotFinite { get; init; }

    /// <summary>Predictions that feedback calls right, among those that it speaks of; null without feedback.</summary>
    public Tally? Right { get; init; }
}

/// <summary>Of copied requests.</summary>
public sealed record AgreementEvidence
{
    /// <summary>Requests that were answered differently, among those compared: another label, text, shape, type or status.</summary>
    public Tally Different { get; init; }

    /// <summary>The same of stable against another pod of stable: what differs without a change. Empty when not measured.</summary>
    public Tally Floor { get; init; }

    /// <summary>By output.</summary>
    public ImmutableDictionary<string, Tally> Outputs { get; init; } = ImmutableDictionary<string, Tally>.Empty;

    /// <summary>The same of stable against another pod of stable, by output.</summary>
    public ImmutableDictionary<string, Tally> FloorOutputs { get; init; } = ImmutableDictionary<string, Tally>.Empty;
}
