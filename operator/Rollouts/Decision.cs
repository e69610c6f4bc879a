using System.Collections.Immutable;

namespace Sluice.Rollouts;

/// <summary>What the world should look like until the next look at it.</summary>
/// <param name="State">What to remember.</param>
/// <param name="Split">The shares of users' requests; null while there is nothing to send them to.</param>
/// <param name="Front">The revision that the front Service selects; null while there is none.</param>
/// <param name="Preview">The revision that the preview Service selects; null when there is no candidate.</param>
/// <param name="Revisions">The revisions that have pods; every other one goes.</param>
/// <param name="NextAction">What happens or is waited for, in a sentence.</param>
/// <param name="NextTime">When time alone changes the decision.</param>
/// <param name="Overdue">The first revision, for which there is no way back, has outlasted its deadline.</param>
/// <param name="Notes">What is worth an Event.</param>
public sealed record Decision(
    RolloutState State,
    TrafficSplit? Split,
    string? Front,
    string? Preview,
    ImmutableArray<RevisionNeed> Revisions,
    string NextAction,
    DateTimeOffset? NextTime,
    bool Overdue,
    ImmutableArray<Note> Notes)
{
    /// <summary>Why what is wanted is not tried; null when it is, or is there.</summary>
    public Failure? Refused { get; init; }

    /// <summary>What a person must approve before it goes on; null when nobody is waited for.</summary>
    public string? ApprovalNeeded { get; init; }
}

/// <summary>A revision that keeps its pods.</summary>
/// <param name="Revision">Which.</param>
/// <param name="Floor">The fewest pods that it must have; an autoscaler may add to it.</param>
public sealed record RevisionNeed(Revision Revision, int Floor);

/// <summary>One thing that happened, with a reason of its own.</summary>
public sealed record Note(string Reason, string Message, bool Warning = false);
