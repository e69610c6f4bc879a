using System.Collections.Immutable;

namespace Sluice.Rollouts;

/// <summary>One decision in the making: the arguments, the state as it changes, and what is worth telling.</summary>
internal sealed partial record Turn(RolloutPlan Plan, RolloutState State, Observation Seen, DateTimeOffset Now)
{
    public ImmutableArray<Note> Notes { get; init; } = [];

    public Turn Saying(string reason, string message, bool warning = false) =>
        this with { Notes = Notes.Add(new Note(reason, message, warning)) };

    public Turn To(Stage? stage) => State.Stage == stage
        ? this
        : this with { State = State with { Stage = stage, StageTime = stage is null ? null : Now } };

    /// <summary>A new attempt from the same stable.</summary>
    public Turn Begin(Revision candidate)
    {
        var direct = State.Stable is not null && candidate.Is(State.Soak?.Revision);
        var turn = this with
        {
            State = State with
            {
                Candidate = candidate,
                Attempt = State.Attempt + 1,
                Stage = Stage.Warming,
                StartedTime = Now,
                StageTime = Now,
                Outcome = null,
                Step = null,
                StepTime = null,
                Weight = 0,
                Shadow = 0,
                LackingTime = Now,
                StableReplicas = 0,
                StepsHash = StepList.Fingerprint(Plan.Steps),
                Direct = direct,
                Leaving = null,
            },
        };
        return direct
            ? turn.Saying("FastRollback", $"{candidate.Title} is asked for again and still has its pods: users go back to it without steps.")
            : turn.Saying("RolloutStarted", $"{candidate.Title} starts from {candidate.StorageUri}.");
    }

    /// <summary>Ends the attempt under way; what failed is blocked.</summary>
    public Turn Finish(RolloutOutcome outcome, string message, string? reason = null)
    {
        if (State.Candidate is not { } candidate)
            return this;
        var entry = new FinishedAttempt(State.Attempt, candidate, outcome, State.StartedTime, Now, message) { Reason = reason };
        var failed = outcome is RolloutOutcome.RolledBack or RolloutOutcome.Aborted;
        var blocked = outcome is RolloutOutcome.Superseded ? State.Blocked : State.Blocked.Remove(candidate.Digest);
        if (failed)
            blocked = [candidate.Digest, .. blocked.Take(RolloutState.BlockedLimit - 1)];
        return this with
        {
            State = State with
            {
                Candidate = null,
                Stage = null,
                StageTime = null,
                Outcome = outcome,
                Step = null,
                StepTime = null,
                Weight = 0,
                Shadow = 0,
                LackingTime = null,
                StableReplicas = 0,
                StepsHash = null,
                Direct = false,
                Leaving = null,
                Blocked = blocked,
                Soak = failed && candidate.Is(State.Soak?.Revision) ? null : State.Soak,
                History = [entry, .. State.History.Take(RolloutState.HistoryLimit - 1)],
            },
        };
    }

    /// <summary>The candidate is stable from now on; <paramref name="old"/> is kept for the way back, or goes.</summary>
    public Decision Promote(Revision candidate, Revision? old)
    {
        var kept = old is not null && Plan.Soak > TimeSpan.Zero && Seen.ReadyOf(old) > 0 ? new Soak(old, Now, Full(old)) : null;
        var turn = Finish(RolloutOutcome.Promoted, $"{candidate.Title} serves all users.")
            .Saying("Promoted", $"{candidate.Title} serves all users.");
        turn = turn with { State = turn.State with { Stable = candidate, Soak = kept } };
        if (old is null)
            return turn.Decide(candidate, $"{candidate.Title} serves; nothing to do.");
        return turn.To(kept is null ? Stage.Retiring : Stage.Soaking).Resting(candidate);
    }

    /// <summary>The candidate's share falls to 0 at once, and then it goes.</summary>
    public Turn Leave(Leaving why)
    {
        var turn = this with { State = State with { Leaving = why, Weight = 0, Shadow = 0, StepTime = null } };
        return turn.To(Stage.RollingBack).Saying(why.Reason, why.Message, why.Outcome is RolloutOutcome.RolledBack);
    }

    /// <summary>What serves goes on; what is left of the last rollout ends by itself.</summary>
    public Decision Resting(Revision stable, string? otherwise = null)
    {
        if (State.Stage is Stage.Soaking && State.Soak is { } soak)
        {
            var until = soak.Since + Plan.Soak;
            return Decide(stable, otherwise ?? $"{soak.Revision.Title} keeps its pods until {until:HH:mm:ss} for the way back.") with { NextTime = until };
        }

        var leftover = Seen.Revisions.FirstOrDefault(r => !r.Revision.Is(stable))?.Revision;
        return State.Stage is Stage.Retiring && leftover is not null
            ? Decide(stable, otherwise ?? $"The pods of {leftover.Title} finish their requests and go.")
            : To(null).Decide(stable, otherwise ?? $"{stable.Title} serves; nothing to do.");
    }

    /// <summary>There is nothing to serve yet, or nobody remembers what serves: that goes on.</summary>
    public Decision Nothing() => (State.Candidate ?? Serving) is { } there
        ? Decide(there, "Waiting for a spec that can be resolved.")
        : new Decision(State, null, null, null, [], "Waiting for a spec that can be resolved.", null, Overdue: false, Notes);

    Revision? Serving => Seen.Revisions.Select(static r => r.Revision).Where(Seen.FrontTouches)
        .OrderByDescending(r => Seen.Front.Serving.Contains(r.Name)).FirstOrDefault();

    /// <param name="front">Whose pods the front Service selects.</param>
    /// <param name="nextAction">A sentence; a candidate's failure is added to it.</param>
    /// <param name="due">When time alone changes that.</param>
    public Decision Decide(Revision front, string nextAction, DateTimeOffset? due = null)
    {
        front = Reachable(front);
        var deadline = Deadline;
        var overdue = deadline <= Now;
        DateTimeOffset?[] times = [due, deadline, State.Soak?.Since + Plan.Soak];
        return new Decision(
            State,
            Split(front),
            front.Name,
            State.Stable is null || State.Stage is Stage.RollingBack ? null : State.Candidate?.Name,
            [.. Kept(front).DistinctBy(static r => r.Name).Select(r => new RevisionNeed(r, Floor(r)))],
            Explained(nextAction),
            times.Where(t => t > Now).Min(),
            overdue,
            Notes);
    }

    public TrafficSplit Split(Revision front)
    {
        // Callers who hold on to connections to the old pods are passed on to the new version for as long as those stay.
        if (State is { Stage: Stage.Soaking, Stable: { } served, Soak.Revision: { } old } && !Plan.Steps.IsEmpty)
            return TrafficSplit.Of(new Share(old.Name, 0), new Share(served.Name, TrafficSplit.Whole));
        if (State is not { Stable: { } stable, Candidate: { } candidate })
            return TrafficSplit.AllTo((State.Stable ?? front).Name);
        return State.Stage is Stage.RollingBack && front.Is(stable)
            ? TrafficSplit.AllTo(stable.Name)
            : TrafficSplit.Of(new Share(stable.Name, TrafficSplit.Whole - State.Weight), new Share(candidate.Name, State.Weight))
                .Copying(candidate.Name, State.Shadow);
    }

    /// <summary>
    /// A memory may be lost after the front has moved, and people may move it too. Users stay where they are served rather
    /// than go to a revision without pods.
    /// </summary>
    Revision Reachable(Revision front) => State.Stable is not null && Seen.ReadyOf(front) == 0
        && Seen.Revisions.FirstOrDefault(r => r.Revision.Name == Seen.Front.Selected) is { Ready: > 0 } there
            ? there.Revision
            : front;

    /// <summary>A revision that users may still reach keeps its pods, whatever was decided.</summary>
    IEnumerable<Revision> Kept(Revision front)
    {
        Revision?[] kept = [front, State.Stable, State.Candidate, State.Soak?.Revision];
        return kept.OfType<Revision>().Concat(Seen.Revisions.Select(static r => r.Revision)
            .Where(r => Seen.FrontTouches(r) || Seen.Split?.Reaches(r.Name) is true));
    }

    string Explained(string nextAction)
    {
        if (State.Stage is Stage.RollingBack || State.Candidate is not { } candidate || Seen.Of(candidate)?.Failure is not { } failure || !Lacking)
            return nextAction;
        var remedy = failure.Final ? "Change the spec to try something else." : "It is tried again.";
        return $"{candidate.Title} does not become Ready: {failure.Reason}: {failure.Message.TrimEnd('.')}. {remedy}";
    }
}
