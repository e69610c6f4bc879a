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
    public const int BlockedLimit = 64;

    public static RolloutState Empty { get; } = new(null, null, 0, null, null, null, null, []);

    /// <summary>The step under way; from then on the candidate may have been exposed. Null before the first and without steps.</summary>
    public int? Step { get; init; }

    /// <summary>Since when the step's exposure has been seen.</summary>
    public DateTimeOffset? StepTime { get; init; }

    /// <summary>The candidate's share that is asked for, in percent.</summary>
    public int Weight { get; init; }

    /// <summary>The share of requests that are to be copied to the candidate, in percent.</summary>
    public int Shadow { get; init; }

    /// <summary>Since when the candidate has lacked the pods that it needs; null while it has them.</summary>
    public DateTimeOffset? LackingTime { get; init; }

    /// <summary>The pods that stable had at most since the candidate's first step; 0 before.</summary>
    public int StableReplicas { get; init; }

    /// <summary>The steps that <see cref="Step"/> counts in; other ones make it be looked up anew.</summary>
    public string? StepsHash { get; init; }

    /// <summary>The candidate served a moment ago: it takes over again without steps.</summary>
    public bool Direct { get; init; }

    /// <summary>Why the candidate goes, while it does.</summary>
    public Leaving? Leaving { get; init; }

    /// <summary>Who served before, while it is kept.</summary>
    public Soak? Soak { get; init; }

    /// <summary>The digests that failed, the latest first. None is tried again until <see cref="Retry"/> is another.</summary>
    public ImmutableArray<string> Blocked { get; init; } = [];

    /// <summary>The last retry text that was seen.</summary>
    public string? Retry { get; init; }
}

/// <summary>Why an attempt is ended.</summary>
/// <param name="Outcome">How it will have ended; all but Superseded block the digest.</param>
/// <param name="Reason">CamelCase, for programs.</param>
/// <param name="Message">A sentence, for people.</param>
public sealed record Leaving(RolloutOutcome Outcome, string Reason, string Message);

/// <summary>A revision that served until a promotion and could at once again.</summary>
/// <param name="Revision">Which.</param>
/// <param name="Since">When it was replaced.</param>
/// <param name="Replicas">The pods that it needs to take all users back.</param>
public sealed record Soak(Revision Revision, DateTimeOffset Since, int Replicas);

/// <summary>A rollout that ended.</summary>
public sealed record FinishedAttempt(
    int Attempt,
    Revision Revision,
    RolloutOutcome Outcome,
    DateTimeOffset? StartedTime,
    DateTimeOffset FinishedTime,
    string Message)
{
    /// <summary>What made it end, CamelCase; null when it ended well.</summary>
    public string? Reason { get; init; }
}

/// <summary>Where an attempt stands; the names are those of <c>status.rollout.stage</c>.</summary>
public enum Stage
{
    /// <summary>The candidate's pods start and answer their first inferences; nobody is sent to them.</summary>
    Warming,

    /// <summary>The candidate gets the pods that the step's share needs.</summary>
    Scaling,

    /// <summary>The step's split is asked for and not yet seen in every serving pod.</summary>
    Shifting,

    /// <summary>The candidate works on copies; the step's time runs and its gates look.</summary>
    Shadowing,

    /// <summary>The candidate has its share; the step's time runs and its gates look.</summary>
    Analyzing,

    /// <summary>A person must agree before the step is left.</summary>
    AwaitingApproval,

    /// <summary>The candidate gets all its pods, and then the front Service moves to them.</summary>
    Promoting,

    /// <summary>The new revision serves; the old one keeps its pods for the way back.</summary>
    Soaking,

    /// <summary>What serves is what was asked for; the old revision's pods drain and go.</summary>
    Retiring,

    /// <summary>The candidate's share is 0; it goes when no request can reach it any more.</summary>
    RollingBack,
}

/// <summary>How an attempt ended; the names are those of <c>status.rollout.outcome</c>.</summary>
public enum RolloutOutcome
{
    Promoted,

    /// <summary>It failed.</summary>
    RolledBack,

    /// <summary>A person took it back.</summary>
    Aborted,

    /// <summary>Something else was asked for.</summary>
    Superseded,
}
