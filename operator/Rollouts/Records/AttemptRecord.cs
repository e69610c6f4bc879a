using System.Collections.Immutable;
using Sluice.Rollouts.Evidence;

namespace Sluice.Rollouts.Records;

/// <summary>
/// What was decided in one attempt, and from what: enough to decide it all again. A decision that only says "go on
/// waiting", on verdicts that are the same, is counted and not repeated.
/// </summary>
public sealed record AttemptRecord
{
    /// <summary>Of what is written now; another one is not read.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Beyond it, decisions that changed nothing are left out first, then the oldest but the first.</summary>
    public const int MostDecisions = 120;

    public required int Format { get; init; }

    public required int Attempt { get; init; }

    /// <summary>Who served when it began.</summary>
    public required Revision Stable { get; init; }

    public required Revision Candidate { get; init; }

    /// <summary>What the spec asked for, each once, in the order in which it was first decided on.</summary>
    public required ImmutableArray<AskedFor> Asked { get; init; }

    /// <summary>In the order in which they were taken.</summary>
    public required ImmutableArray<RecordedDecision> Decisions { get; init; }

    /// <summary>How many were left out for want of room.</summary>
    public required int Omitted { get; init; }

    /// <summary>The attempts that a decision belongs to: the one it found under way, and the one it left under way.</summary>
    public static ImmutableArray<int> AttemptsOf(RolloutState before, RolloutState after) =>
        [.. new[] { before, after }.Where(IsUnderWay).Select(static s => s.Attempt).Distinct()];

    /// <param name="decision">The first of the attempt.</param>
    /// <returns>Null when no candidate is under way: a first revision takes nobody's place.</returns>
    public static AttemptRecord? Begin(RecordedDecision decision, AskedFor asked)
    {
        var state = IsUnderWay(decision.State) ? decision.State : decision.Decision.State;
        // After a promotion the old revision is the one that is kept.
        var (stable, candidate) = state.Candidate is null ? (state.Soak?.Revision ?? state.Stable, state.Stable) : (state.Stable, state.Candidate);
        return stable is null || candidate is null ? null : new AttemptRecord
        {
            Format = CurrentFormat,
            Attempt = state.Attempt,
            Stable = stable,
            Candidate = candidate,
            Asked = [asked],
            Decisions = [decision with { Asked = 0 }],
            Omitted = 0,
        };
    }

    /// <summary>The record with one decision more.</summary>
    public AttemptRecord With(RecordedDecision decision, AskedFor asked)
    {
        var known = Asked.IndexOf(asked);
        var with = known >= 0 ? this : this with { Asked = Asked.Add(asked) };
        decision = decision with { Asked = known >= 0 ? known : Asked.Length };
        if (Decisions is [.., var last] && last.IsRepeatedBy(decision))
            return with with { Decisions = Decisions.SetItem(Decisions.Length - 1, last with { Last = decision.Time, Times = last.Times + 1 }) };
        with = with with { Decisions = Decisions.Add(decision) };
        return with.Decisions.Length > MostDecisions ? with.Shortened() : with;
    }

    /// <summary>With one decision less: the oldest that told nobody anything, else the oldest behind the first.</summary>
    public AttemptRecord Shortened()
    {
        if (Decisions.Length < 3)
            return this;
        var quiet = Enumerable.Range(1, Decisions.Length - 2).FirstOrDefault(i => Decisions[i].Decision.Notes.IsEmpty, 1);
        return this with { Decisions = Decisions.RemoveAt(quiet), Omitted = Omitted + 1 };
    }

    static bool IsUnderWay(RolloutState state) => state is { Stable: not null, Stage: not null };
}

/// <summary>What the spec asked for.</summary>
public sealed record AskedFor(RolloutPlan Plan, ImmutableArray<Gate> Gates)
{
    public bool Equals(AskedFor? other) => other is not null
        && Gates.SequenceEqual(other.Gates) && Plan.Steps.SequenceEqual(other.Plan.Steps) && Plan.Gates.SequenceEqual(other.Plan.Gates)
        && Bare(Plan) == Bare(other.Plan);

    public override int GetHashCode() => HashCode.Combine(Bare(Plan), Gates.Length);

    static RolloutPlan Bare(RolloutPlan plan) => plan with { Steps = [], Gates = [] };
}
