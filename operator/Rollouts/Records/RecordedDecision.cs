using System.Collections.Immutable;
using Sluice.Rollouts.Evidence;

namespace Sluice.Rollouts.Records;

/// <summary>One decision with all that it was taken on.</summary>
public sealed record RecordedDecision
{
    /// <summary>When it was taken; what it says holds for then.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When it was last taken again without anything new.</summary>
    public required DateTimeOffset Last { get; init; }

    /// <summary>How often it was taken in a row; 1 at least.</summary>
    public required long Times { get; init; }

    /// <summary>Index into <see cref="AttemptRecord.Asked"/>.</summary>
    public int Asked { get; init; }

    /// <summary>What was remembered.</summary>
    public required RolloutState State { get; init; }

    /// <summary>What was seen of the world, and what the gates said of it.</summary>
    public required Observation Seen { get; init; }

    /// <summary>What the gates judged; null where none looked.</summary>
    public Judged? Judged { get; init; }

    /// <summary>What was decided.</summary>
    public required Decision Decision { get; init; }

    public static RecordedDecision Of(RolloutState state, Observation seen, Judged? judged, Decision decision, DateTimeOffset now) =>
        new() { Time = now, Last = now, Times = 1, State = state, Seen = seen, Judged = judged, Decision = decision };

    /// <summary>Whether the later one says nothing else; how long is still to wait, and how many requests there are by now, is nothing else.</summary>
    internal bool IsRepeatedBy(RecordedDecision later) =>
        later.Decision.Notes.IsEmpty
        && Asked == later.Asked
        && SameButForArrays(Decision.State, later.Decision.State)
        && Equals(Decision.Split, later.Decision.Split)
        && (Decision.Front, Decision.Preview, Decision.Overdue, Decision.Refused?.Reason) == (later.Decision.Front, later.Decision.Preview, later.Decision.Overdue, later.Decision.Refused?.Reason)
        && Decision.Revisions.SequenceEqual(later.Decision.Revisions)
        && (Decision.ApprovalNeeded is null) == (later.Decision.ApprovalNeeded is null)
        && Verdicts(this).SequenceEqual(Verdicts(later));

    internal static bool SameButForArrays(RolloutState one, RolloutState other) =>
        one with { History = [], Blocked = [] } == other with { History = [], Blocked = [] };

    static IEnumerable<(string Gate, Verdict Verdict)> Verdicts(RecordedDecision of) => of.Seen.Verdicts.Select(static v => (v.Gate, v.Verdict));
}

/// <summary>What the gates of one step looked at, and what they said.</summary>
/// <param name="Step">The step whose evidence it is.</param>
/// <param name="Elapsed">Since the step's exposure was seen.</param>
/// <param name="Evidence">All of it.</param>
/// <param name="Findings">One for each gate.</param>
public sealed record Judged(int Step, TimeSpan Elapsed, StepEvidence Evidence, ImmutableArray<Finding> Findings)
{
    public static Judged Of(ImmutableArray<Gate> gates, ImmutableArray<Step> steps, int step, StepEvidence evidence, TimeSpan elapsed) =>
        new(step, elapsed, evidence, GateList.Judge(gates, steps, step, evidence, elapsed));
}
