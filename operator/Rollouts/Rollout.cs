namespace Sluice.Rollouts;

/// <summary>
/// From what is asked for, what is remembered and what is seen to what is done next. Pure: the same arguments give the
/// same decision, so a decision that was lost is taken again. Each takes at most one step that moves traffic or
/// capacity; the next waits until the effect of the last has been seen. A stage that may move traffic is remembered
/// before it does, so that an operator that dies knows afterwards what may have happened.
/// </summary>
/// <remarks>
/// <code>
/// no stable   --candidate serves-----------------------------> stable                    Promoted
/// stable      --another revision is wanted, not blocked------> Warming
/// Warming     --candidate has the pods of the first step-----> Scaling, step 0; Promoting without steps
/// Scaling     --pods of the step Ready, old split seen-------> Shifting: the step's share is asked for
/// Shifting    --the step's split is seen in every pod--------> Shadowing or Analyzing
/// ... --time over, compared enough, gates pass---------------> AwaitingApproval, Scaling of the next step, or Promoting
/// Promoting   --all pods Ready-------------------------------> the front moves; when it is there: Soaking    Promoted
/// Soaking     --time over------------------------------------> Retiring --old pods are gone--> stable
/// any         --candidate loses all pods, stable has some----> share 0, Scaling
/// any         --gate fails, final cause, deadline, abort-----> RollingBack: share 0         RolledBack | Aborted, blocked
/// any         --another revision is wanted-------------------> RollingBack: share 0         Superseded
/// RollingBack --nothing reaches the candidate any more-------> stable
/// Soaking     --gate fails, abort of what serves-------------> RollingBack, stable is the old one again
/// </code>
/// </remarks>
public static class Rollout
{
    public static Decision Next(RolloutPlan plan, RolloutState state, Observation seen, DateTimeOffset now)
    {
        var turn = new Turn(plan, Retried(Recovered(state, plan, seen), plan), seen, now).Timed();
        return turn.State switch
        {
            { Stable: null } => First(turn),
            { Stable: { } stable, Candidate: { } candidate } => Stepping.Next(Soaked(turn), stable, candidate),
            { Stable: { } stable } => Served(Soaked(turn), stable),
        };
    }

    /// <summary>No candidate is under way.</summary>
    internal static Decision Served(Turn turn, Revision stable)
    {
        if (WayBack.AfterPromotion(turn) is { } back)
            return back;
        if (turn.Plan.Wanted is not { } wanted)
            return turn.Resting(stable, $"{stable.Title} serves; waiting for a spec that can be resolved.");
        if (wanted.Is(stable))
            return turn.Resting(stable);
        if (Refusal(turn, wanted) is { } refused)
            return turn.Resting(stable, refused.Message) with { Refused = refused };
        var begun = turn.Begin(wanted);
        return Stepping.Next(begun, stable, wanted);
    }

    static Decision First(Turn turn)
    {
        if (turn.State.Candidate is { } candidate && turn.Seen.FrontIsAt(candidate))
            return turn.Promote(candidate, null);
        if (turn.Plan.Wanted is not { } wanted)
            return turn.Nothing();
        if (!wanted.Is(turn.State.Candidate))
        {
            if (turn.State.Candidate is { } old)
            {
                turn = turn.Finish(RolloutOutcome.Superseded, $"The spec asks for {wanted.Title} now.")
                    .Saying("Superseded", $"The spec asks for {wanted.Title} now; {old.Title} goes.");
            }

            turn = turn.Begin(wanted);
        }

        return turn.Decide(wanted, $"Waiting for the first pod of {wanted.Title} to become Ready.");
    }

    /// <summary>Why the wanted revision is not tried.</summary>
    static Failure? Refusal(Turn turn, Revision wanted)
    {
        if (turn.Plan.Abort == wanted.Digest)
        {
            return new Failure(
                "Aborted", $"{wanted.Title} is not tried: rollout.abort names its digest. Remove rollout.abort and change rollout.retry, or change the spec.", Final: true);
        }

        // What is kept for the way back has served users until a moment ago.
        if (!turn.State.Blocked.Contains(wanted.Digest) || wanted.Is(turn.State.Soak?.Revision))
            return null;
        var last = turn.State.History.FirstOrDefault(h => h.Revision.Digest == wanted.Digest && h.Outcome is RolloutOutcome.RolledBack or RolloutOutcome.Aborted);
        var why = last is null ? "it failed before" : last.Message.TrimEnd('.');
        return new Failure(
            last?.Reason ?? "BlockedRevision",
            $"{wanted.Title} is not tried again: {why}. Change the spec to something else, or set rollout.retry to another value to try once more.",
            Final: true);
    }

    /// <summary>A status that was lost must not cost users what serves them: whoever serves is stable.</summary>
    static RolloutState Recovered(RolloutState state, RolloutPlan plan, Observation seen)
    {
        if (state.Stable is not null && state.Stable.Is(state.Candidate))
            state = state with { Candidate = null, Stage = null, StageTime = null };
        if (state.Stable is not null && state.Stable.Is(state.Soak?.Revision))
            state = state with { Soak = null };
        if (state.Stable is not null || seen.Front.Selected is not { } selected || !seen.Front.Serving.Contains(selected))
            return state;
        var serving = seen.Revisions.FirstOrDefault(r => r.Revision.Name == selected)?.Revision;
        return serving is null || serving.Is(state.Candidate) || serving.Is(plan.Wanted) ? state : state with { Stable = serving };
    }

    /// <summary>A text that went away is no new wish: it would come back with the next synchronisation from Git.</summary>
    static RolloutState Retried(RolloutState state, RolloutPlan plan) =>
        plan.Retry is null || plan.Retry == state.Retry ? state : state with { Retry = plan.Retry, Blocked = [] };

    /// <summary>The old revision is kept for the time that is asked for now.</summary>
    static Turn Soaked(Turn turn)
    {
        if (turn.State.Soak is not { } soak || turn.Now < soak.Since + turn.Plan.Soak)
            return turn.State is { Stage: Stage.Soaking, Soak: null } ? turn.To(Stage.Retiring) : turn;
        turn = turn with { State = turn.State with { Soak = null } };
        return (turn.State.Stage is Stage.Soaking ? turn.To(Stage.Retiring) : turn)
            .Saying("SoakEnded", $"{soak.Revision.Title} is no longer kept for the way back.");
    }
}
