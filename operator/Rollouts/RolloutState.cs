using System.Collections.Immutable;

namespace Sluice.Rollouts;

/// <summary>What must be known next time; <c>status</c> stores exactly this.</summary>
public sealed record RolloutState(
    Revision? Stable,
    Revision? Candidate,
    int Attempt,
    Stage? Stage,
    DateTimeOffset? StartedTime,
    DateTimeOffset? StageTime,
    RolloutOutcome? Outcome,
    ImmutableArray<FinishedAttempt> History)
{
    public const int HistoryLimit = 10;

    public static RolloutState Empty { get; } = new(null, null, 0, null, null, null, null, []);

    /// <summary>The candidate's share that is asked for, in percent; null without a candidate.</summary>
    public int? Weight => Candidate is null ? null : Stage is Rollouts.Stage.Promoting ? 100 : 0;
}

/// <summary>A rollout that ended.</summary>
public sealed record FinishedAttempt(
    int Attempt,
    Revision Revision,
    RolloutOutcome Outcome,
    DateTimeOffset? StartedTime,
    DateTimeOffset FinishedTime,
    string Message);

/// <summary>Where an attempt stands; the names are those of <c>status.rollout.stage</c>.</summary>
public enum Stage
{
    /// <summary>The candidate's pods start and answer their first inferences; nobody is sent to them.</summary>
    Warming,

    /// <summary>The front Service moves to the candidate's pods.</summary>
    Promoting,

    /// <summary>What serves is what was asked for; the old revision's pods drain and go.</summary>
    Retiring,

    /// <summary>The front Service moves back to stable before the candidate goes.</summary>
    RollingBack,
}

/// <summary>How an attempt ended; the names are those of <c>status.rollout.outcome</c>.</summary>
public enum RolloutOutcome
{
    Promoted,
    Superseded,
}
