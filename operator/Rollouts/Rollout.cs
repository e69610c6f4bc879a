namespace Sluice.Rollouts;

/// <summary>
/// From what is asked for, what is remembered and what is seen to what is done next. Pure: the same arguments give the
/// same decision, so a decision that was lost is taken again. Each takes at most one step that moves traffic or
/// capacity; the next waits until the effect of the last has been seen.
/// </summary>
/// <remarks>
/// <code>
/// no stable   --candidate serves-------------------------> stable                    Promoted
/// stable      --another revision is wanted---------------> Warming
/// Warming     --candidate has the capacity it needs------> Promoting
/// Warming     --yet another is wanted--------------------> Warming, next attempt      Superseded
/// Warming     --stable is wanted again-------------------> stable                    Superseded
/// Promoting   --front is at the candidate----------------> Retiring                  Promoted
/// Promoting   --candidate loses all pods, stable has some-> Warming
/// Promoting   --stable is wanted again-------------------> RollingBack
/// RollingBack --front has left the candidate-------------> stable                    Superseded
/// Retiring    --old pods are gone------------------------> stable
/// </code>
/// </remarks>
public static class Rollout
{
    public static Decision Next(RolloutPlan plan, RolloutState state, Observation seen, DateTimeOffset now)
    {
        var turn = new Turn(plan, Recovered(state, plan, seen), seen, now);
        return turn.State switch
        {
            { Stable: null } => First(turn),
            { Stage: Stage.Promoting, Stable: { } stable, Candidate: { } candidate } => Promoting(turn, stable, candidate),
            { Stage: Stage.RollingBack, Stable: { } stable, Candidate: { } candidate } => RollingBack(turn, stable, candidate),
            { Stable: { } stable } when turn.Plan.Wanted is not { } wanted => turn.Hold(stable),
            { Stable: { } stable, Candidate: null } when stable.Is(turn.Plan.Wanted) => Steady(turn, stable),
            { Stable: { } stable, Candidate: { } candidate } when stable.Is(turn.Plan.Wanted) => RollingBack(turn, stable, candidate),
            { Stable: { } stable } => Warming(turn, stable, turn.Plan.Wanted!),
        };
    }

    /// <summary>A status that was lost must not cost users what serves them: whoever serves is stable.</summary>
    static RolloutState Recovered(RolloutState state, RolloutPlan plan, Observation seen)
    {
        if (state.Stable is not null || seen.Front.Selected is not { } selected || !seen.Front.Serving.Contains(selected))
            return state;
        var serving = seen.Revisions.FirstOrDefault(r => r.Revision.Name == selected)?.Revision;
        return serving is null || serving.Is(state.Candidate) || serving.Is(plan.Wanted) ? state : state with { Stable = serving };
    }

    static Decision First(Turn turn)
    {
        if (turn.State.Candidate is { } candidate && turn.Seen.FrontIsAt(candidate))
            return turn.Promote(candidate, null);
        if (turn.Plan.Wanted is not { } wanted)
            return turn.Nothing();
        if (!wanted.Is(turn.State.Candidate))
            turn = turn.Begin(wanted);
        return turn.Decide(wanted, $"Waiting for the first pod of {wanted.Title} to become Ready.", wanted);
    }

    static Decision Steady(Turn turn, Revision stable)
    {
        var leftover = turn.Seen.Revisions.FirstOrDefault(r => !r.Revision.Is(stable))?.Revision;
        if (turn.State.Stage is Stage.Retiring && leftover is not null)
            return turn.Decide(stable, $"The pods of {leftover.Title} finish their requests and go.");
        return turn.To(null).Decide(stable, $"{stable.Title} serves; nothing to do.");
    }

    static Decision Warming(Turn turn, Revision stable, Revision wanted)
    {
        if (!wanted.Is(turn.State.Candidate))
            turn = turn.Begin(wanted);
        var front = Serving(turn.Seen, stable, wanted);
        if (turn.Capacity(stable, wanted) is { } missing)
            return turn.Decide(front, missing, wanted);
        if (turn.Plan.Paused)
            return turn.Decide(front, $"{wanted.Title} is Ready and held: set rollout.paused to false to promote it.", wanted);
        return turn.To(Stage.Promoting)
            .Saying("Promoting", $"{wanted.Title} is Ready; users move to it from {stable.Title}.")
            .Decide(wanted, $"Users move to {wanted.Title}.", wanted);
    }

    /// <summary>
    /// The status that said "Promoting" may have been lost after the front had moved. Users then stay where they are
    /// served rather than go back to a stable without pods.
    /// </summary>
    static Revision Serving(Observation seen, Revision stable, Revision candidate) =>
        seen.Front.Selected == candidate.Name && seen.ReadyOf(candidate) > 0 && seen.ReadyOf(stable) == 0 ? candidate : stable;

    static Decision Promoting(Turn turn, Revision stable, Revision candidate)
    {
        if (stable.Is(turn.Plan.Wanted))
            return RollingBack(turn, stable, candidate);
        if (turn.Seen.FrontIsAt(candidate))
            return turn.Promote(candidate, stable);
        if (turn.Seen.ReadyOf(candidate) == 0 && turn.Seen.ReadyOf(stable) > 0)
        {
            return turn.To(Stage.Warming)
                .Saying("CandidateLost", $"{candidate.Title} lost all its pods; users stay with {stable.Title}.", warning: true)
                .Decide(stable, $"Waiting for pods of {candidate.Title} to become Ready again.", candidate);
        }

        return turn.Decide(candidate, $"Users move to {candidate.Title}.", candidate);
    }

    /// <summary>
    /// Users go back once stable can take them, and at once when the candidate has nothing left. The candidate keeps its
    /// pods until no request can reach them any more.
    /// </summary>
    static Decision RollingBack(Turn turn, Revision stable, Revision candidate)
    {
        if (!turn.Seen.FrontTouches(candidate))
        {
            return turn.Finish(RolloutOutcome.Superseded, $"The spec asks for {stable.Title} again.")
                .Saying("Superseded", $"The spec asks for {stable.Title} again; {candidate.Title} goes.")
                .Decide(stable, $"{stable.Title} serves; nothing to do.");
        }

        turn = turn.To(Stage.RollingBack);
        return turn.Seen.ReadyOf(candidate) > 0 && turn.Restoring(stable) is { } missing
            ? turn.Decide(candidate, missing, candidate)
            : turn.Decide(stable, $"Users move back to {stable.Title}.", candidate);
    }
}
