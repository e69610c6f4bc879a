namespace Sluice.Rollouts.Tests.Simulation;

/// <summary>What holds of every decision, whatever came before it.</summary>
internal static class Invariants
{
    public static void Check(RolloutPlan plan, RolloutState before, Observation seen, Decision decision, DateTimeOffset now)
    {
        var state = decision.State;
        Require(decision.Split is null || decision.Split.Shares.Sum(static s => s.Percent) == 100, "the shares sum to 100");
        Require(decision.Front is null || decision.Revisions.Any(r => r.Revision.Name == decision.Front), "who serves keeps its pods");
        Require(state.Stable is null || decision.Revisions.Any(r => r.Revision.Is(state.Stable)), "stable keeps its pods");
        Require(state.Candidate is null || !state.Candidate.Is(state.Stable), "stable is no candidate");
        Require(state.Stage is null || state.Candidate is not null || state.Stage is Stage.Retiring or Stage.Soaking, "a stage belongs to a candidate");
        Require(decision.Revisions.All(r => r.Floor >= 1 && r.Floor <= plan.MaxReplicas), "a revision that is kept has pods, and not too many");
        Require(state.Attempt >= before.Attempt && state.Attempt <= before.Attempt + 1, "attempts are counted one by one");
        Require(state.History.Length <= RolloutState.HistoryLimit, "history is bounded");
        Require(state.History.Select(static h => h.Attempt).Distinct().Count() == state.History.Length, "an attempt ends once");
        Require(decision.NextAction.Length > 0, "every decision says what comes next");
        Require(decision.NextTime is null || decision.NextTime > now, "what is due is done");
        ShareIsEarned(plan, before, seen, decision);
        ShareHasPods(seen, decision);
        RollbackIsPossible(plan, before, seen, decision);
        NothingBlockedStarts(before, decision);
        MoveIsEarned(plan, before, seen, decision);
        ComesToRest(plan, state, seen, now);
    }

    /// <summary>The candidate's share and copies grow only where that was remembered before, on what is seen, and while nobody holds it.</summary>
    static void ShareIsEarned(RolloutPlan plan, RolloutState before, Observation seen, Decision decision)
    {
        if (decision.State is not { Stable: { } stable, Candidate: { } candidate } state || decision.Split is not { } split)
            return;
        var old = candidate.Is(before.Candidate) ? before : RolloutState.Empty;
        if (split.PercentOf(candidate.Name) <= old.Weight && (split.Copies?.Percent ?? 0) <= old.Shadow)
            return;
        Require(before.Stage is Stage.Scaling or Stage.Promoting, "a share is given from a stage that was remembered");
        Require(candidate.Is(plan.Wanted), "only what is asked for gets a share");
        Require(!plan.Paused, "no share grows while paused");
        Require(plan.Abort != candidate.Digest, "nothing that is aborted gets a share");
        Require(!seen.Verdicts.Any(v => v.Verdict is Verdict.Fail && v.Attempt == before.Attempt && plan.Gates.Contains(v.Gate)), "no share grows against a gate");
        Require(seen.Split is not null || seen.ReadyOf(stable) == 0, "no share grows while it is unknown which split applies");
        Require(seen.ReadyOf(candidate) > 0, "no share without Ready pods");
        if (seen.ReadyOf(stable) > 0)
            Require(seen.ReadyOf(candidate) * 100 >= split.PercentOf(candidate.Name) * plan.MinReplicas, "pods come before the share");
    }

    static void ShareHasPods(Observation seen, Decision decision)
    {
        if (decision.State is { Stable: { } stable, Candidate: { } candidate } && seen.ReadyOf(candidate) == 0 && seen.ReadyOf(stable) > 0)
            Require(decision.Split?.Reaches(candidate.Name) is not true, "a share names only who has Ready pods");
    }

    /// <summary>A reason to go back is acted on in the same decision, whatever else is unknown, unapproved or paused.</summary>
    static void RollbackIsPossible(RolloutPlan plan, RolloutState before, Observation seen, Decision decision)
    {
        if (before is not { Stable: { } stable, Candidate: { } candidate } || stable.Is(candidate))
            return;
        var failed = seen.Verdicts.Any(v => v.Verdict is Verdict.Fail && v.Attempt == before.Attempt && plan.Gates.Contains(v.Gate));
        if (failed || plan.Abort == candidate.Digest || stable.Is(plan.Wanted))
            Require(!candidate.Is(decision.State.Candidate) || decision.State.Weight == 0, "going back starts at once");
        if (failed || plan.Abort == candidate.Digest || stable.Is(plan.Wanted))
            Require(decision.Split?.Reaches(candidate.Name) is not true, "going back takes the share first");
    }

    static void NothingBlockedStarts(RolloutState before, Decision decision)
    {
        var state = decision.State;
        if (state.Attempt > before.Attempt && state.Candidate is { } candidate && !state.Direct)
            Require(!state.Blocked.Contains(candidate.Digest), "what failed is not tried again");
    }

    /// <summary>The front moves to a candidate that went through its steps, with the consent they need.</summary>
    static void MoveIsEarned(RolloutPlan plan, RolloutState before, Observation seen, Decision decision)
    {
        if (decision.State is not { Stable: { } stable, Candidate: { } candidate, Stage: Stage.Promoting } || seen.FrontTouches(candidate) || decision.Front != candidate.Name)
            return;
        Require(before.Stage is Stage.Promoting && candidate.Is(before.Candidate), "the move is remembered before it is made");
        Require(candidate.Is(plan.Wanted) && !plan.Paused, "only what is asked for moves users, and not while paused");
        Require(seen.ReadyOf(candidate) >= (seen.ReadyOf(stable) == 0 ? 1 : plan.MinReplicas), "a candidate without its pods is not promoted");
    }

    /// <summary>While nothing else happens, few decisions follow one another, and then none.</summary>
    static void ComesToRest(RolloutPlan plan, RolloutState state, Observation seen, DateTimeOffset now)
    {
        for (var i = 0; i < 6 + (4 * plan.Steps.Length); i++)
        {
            var next = Rollout.Next(plan, state, seen, now).State;
            if (next == state)
                return;
            state = next;
        }

        Require(false, "deciding comes to rest");
    }

    internal static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvariantException("broken: " + what);
    }
}
