using System.Collections.Immutable;

namespace Sluice.Rollouts;

/// <summary>One decision in the making: the arguments, the state as it changes, and what is worth telling.</summary>
internal sealed record Turn(RolloutPlan Plan, RolloutState State, Observation Seen, DateTimeOffset Now)
{
    public ImmutableArray<Note> Notes { get; init; } = [];

    public Turn Saying(string reason, string message, bool warning = false) =>
        this with { Notes = Notes.Add(new Note(reason, message, warning)) };

    public Turn To(Stage? stage) => State.Stage == stage
        ? this
        : this with { State = State with { Stage = stage, StageTime = stage is null ? null : Now } };

    /// <summary>A new attempt from the same stable; the one under way, if any, ends.</summary>
    public Turn Begin(Revision candidate)
    {
        var free = State.Candidate is { } old
            ? Finish(RolloutOutcome.Superseded, $"The spec asks for {candidate.Title} now.")
                .Saying("Superseded", $"The spec asks for {candidate.Title} now; {old.Title} goes.")
            : this;
        var state = free.State with
        {
            Candidate = candidate,
            Attempt = State.Attempt + 1,
            Stage = Stage.Warming,
            StartedTime = Now,
            StageTime = Now,
            Outcome = null,
        };
        return (free with { State = state }).Saying("RolloutStarted", $"{candidate.Title} starts from {candidate.StorageUri}.");
    }

    /// <summary>Ends the attempt under way.</summary>
    public Turn Finish(RolloutOutcome outcome, string message)
    {
        if (State.Candidate is not { } candidate)
            return this;
        var entry = new FinishedAttempt(State.Attempt, candidate, outcome, State.StartedTime, Now, message);
        return this with
        {
            State = State with
            {
                Candidate = null,
                Stage = null,
                StageTime = null,
                Outcome = outcome,
                History = [entry, .. State.History.Take(RolloutState.HistoryLimit - 1)],
            },
        };
    }

    /// <summary>The candidate is stable from now on; <paramref name="old"/> goes.</summary>
    public Decision Promote(Revision candidate, Revision? old)
    {
        var turn = Finish(RolloutOutcome.Promoted, $"{candidate.Title} serves all users.")
            .Saying("Promoted", $"{candidate.Title} serves all users.");
        turn = turn with { State = turn.State with { Stable = candidate } };
        return old is null
            ? turn.Decide(candidate, $"{candidate.Title} serves; nothing to do.")
            : turn.To(Stage.Retiring).Decide(candidate, $"The pods of {old.Title} finish their requests and go.");
    }

    /// <summary>What the candidate lacks before users may be sent to it; null when nothing.</summary>
    /// <remarks>While stable has no Ready pod, one of the candidate's is better than waiting.</remarks>
    public string? Capacity(Revision stable, Revision candidate)
    {
        var ready = Seen.ReadyOf(candidate);
        var need = Seen.ReadyOf(stable) == 0 ? 1 : Floor(candidate);
        return ready >= need ? null : $"Waiting for the pods of {candidate.Title}: {ready} of {need} Ready.";
    }

    /// <summary>What stable lacks before users may be sent back to it; null when nothing. Once they are there, one pod is enough to stay.</summary>
    public string? Restoring(Revision stable)
    {
        var ready = Seen.ReadyOf(stable);
        var need = Seen.Front.Selected == stable.Name ? 1 : Floor(stable);
        return ready >= need ? null : $"Waiting for the pods of {stable.Title} before users move back: {ready} of {need} Ready.";
    }

    /// <summary>The spec cannot be resolved: whoever serves goes on, and a candidate stays where it is.</summary>
    public Decision Hold(Revision stable) => Decide(stable, $"{stable.Title} serves; waiting for a spec that can be resolved.", State.Candidate);

    /// <summary>There is nothing to serve yet.</summary>
    public Decision Nothing() => State.Candidate is { } candidate
        ? Decide(candidate, "Waiting for a spec that can be resolved.", candidate)
        : new Decision(State, null, null, null, [], "Waiting for a spec that can be resolved.", null, Overdue: false, Notes);

    /// <param name="front">Who serves users.</param>
    /// <param name="nextAction">A sentence; a candidate's failure is added to it.</param>
    /// <param name="candidate">Who is on the way.</param>
    public Decision Decide(Revision front, string nextAction, Revision? candidate = null)
    {
        var kept = new List<Revision> { front };
        if (State.Stable is { } stable)
            kept.Add(stable);
        if (candidate is not null)
            kept.Add(candidate);
        // A revision that users may still reach keeps its pods, whatever was decided.
        kept.AddRange(Seen.Revisions.Select(static r => r.Revision).Where(Seen.FrontTouches));
        var deadline = State.Stage is Stage.Warming && Lacking(candidate) && Seen.Of(candidate)?.Failure is not { Final: true } ? State.StageTime + Plan.ProgressDeadline : null;
        var overdue = deadline <= Now;
        return new Decision(
            State,
            TrafficSplit.AllTo(front.Name),
            front.Name,
            State.Stable is null ? null : candidate?.Name,
            [.. kept.DistinctBy(static r => r.Name).Select(r => new RevisionNeed(r, Floor(r)))],
            Explained(nextAction, candidate),
            overdue ? null : deadline,
            overdue,
            Notes);
    }

    /// <summary>
    /// A candidate has what stable has before it takes over, so that nobody feels the change; afterwards its own load
    /// decides.
    /// </summary>
    int Floor(Revision revision)
    {
        if (!Plan.Autoscaled || !revision.Is(State.Candidate) || State.Stable is null)
            return Plan.MinReplicas;
        return Math.Clamp(Seen.Of(State.Stable)?.Desired ?? 0, Plan.MinReplicas, Plan.MaxReplicas);
    }

    bool Lacking(Revision? candidate) => candidate is not null && Seen.ReadyOf(candidate) < Floor(candidate);

    string Explained(string nextAction, Revision? candidate)
    {
        if (candidate is null || Seen.Of(candidate)?.Failure is not { } failure)
            return nextAction;
        var remedy = failure.Final ? "Change the spec to try something else." : "It is tried again.";
        return $"{candidate.Title} does not become Ready: {failure.Reason}: {failure.Message.TrimEnd('.')}. {remedy}";
    }
}
