using System.Collections.Immutable;

namespace Sluice.Rollouts.Records;

/// <summary>One recorded decision, taken again.</summary>
/// <param name="Recorded">As it was then.</param>
/// <param name="Decision">As it comes out now.</param>
/// <param name="Differences">What is not the same, a sentence each; none when it came out the same.</param>
public sealed record Replayed(RecordedDecision Recorded, Decision Decision, ImmutableArray<string> Differences);

/// <summary>Takes the decisions of a record again: from the evidence to what the gates say, and from there to what is done.</summary>
public static class Replay
{
    /// <exception cref="ArgumentException">A decision names something asked for that is not in the record.</exception>
    public static IEnumerable<Replayed> Of(AttemptRecord record) => record.Decisions.Select(d => Of(record, d));

    static Replayed Of(AttemptRecord record, RecordedDecision then)
    {
        if (then.Asked < 0 || then.Asked >= record.Asked.Length)
            throw new ArgumentException($"The decision of {then.Time:u} was taken on what the spec asked for under number {then.Asked}, which the record does not hold.", nameof(record));
        var (plan, gates) = record.Asked[then.Asked];
        var (seen, differences) = (then.Seen, ImmutableArray.CreateBuilder<string>());
        if (then.Judged is { } judged)
        {
            var again = Judged.Of(gates, plan.Steps, judged.Step, judged.Evidence, judged.Elapsed);
            seen = seen with { Verdicts = [.. again.Findings.Select(f => f.For(then.State.Attempt, then.State.Step))] };
            differences.AddRange(judged.Findings.Zip(again.Findings).Where(static f => f.First != f.Second)
                .Select(static f => $"gate {f.First.Gate} said {f.First.Verdict} ({f.First.Message}), and says {f.Second.Verdict} ({f.Second.Message})"));
            if (judged.Findings.Length != again.Findings.Length)
                differences.Add($"{judged.Findings.Length} gates had a say, and {again.Findings.Length} have one");
        }

        var now = Rollout.Next(plan, then.State, seen, then.Time);
        differences.AddRange(Between(then.Decision, now));
        return new Replayed(then, now, differences.ToImmutable());
    }

    static IEnumerable<string> Between(Decision then, Decision now)
    {
        (string What, object? Then, object? Now)[] parts =
        [
            ("the stage", then.State.Stage, now.State.Stage),
            ("the step", then.State.Step, now.State.Step),
            ("the weight", then.State.Weight, now.State.Weight),
            ("the outcome", then.State.Outcome, now.State.Outcome),
            ("the split", then.Split, now.Split),
            ("the front", then.Front, now.Front),
            ("the preview", then.Preview, now.Preview),
            ("the refusal", then.Refused, now.Refused),
            ("the next action", then.NextAction, now.NextAction),
            ("the next time", then.NextTime, now.NextTime),
            ("the approval that is needed", then.ApprovalNeeded, now.ApprovalNeeded),
            ("whether it is overdue", then.Overdue, now.Overdue),
        ];
        foreach (var (what, one, other) in parts.Where(static p => !Equals(p.Then, p.Now)))
            yield return $"{what} was {one ?? "nothing"}, and is {other ?? "nothing"}";
        if (!RecordedDecision.SameButForArrays(then.State, now.State) || !then.State.Blocked.SequenceEqual(now.State.Blocked) || !then.State.History.SequenceEqual(now.State.History))
            yield return "something else is remembered";
        if (!then.Revisions.SequenceEqual(now.Revisions))
            yield return $"the pods were {Listed(then.Revisions)}, and are {Listed(now.Revisions)}";
        if (!then.Notes.SequenceEqual(now.Notes))
            yield return $"the Events were {Listed(then.Notes)}, and are {Listed(now.Notes)}";
    }

    static string Listed(IEnumerable<RevisionNeed> needs) => string.Join(", ", needs.Select(static n => $"{n.Floor} of {n.Revision.Name}"));

    static string Listed(IEnumerable<Note> notes) => string.Join(", ", notes.Select(static n => n.Reason));
}
