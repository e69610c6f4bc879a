namespace Sluice.Rollouts.Tests.Simulation;

/// <summary>What holds of every decision, whatever came before it.</summary>
internal static class Invariants
{
    public static void Check(RolloutPlan plan, RolloutState before, Observation seen, Decision decision, DateTimeOffset now)
    {
        var state = decision.State;
        Require(decision.Split is null || decision.Split.Shares.Sum(static s => s.Percent) == 100, "the shares sum to 100");
        Require(decision.Front is null || decision.Split!.PercentOf(decision.Front) == 100, "the front is where the share is");
        Require(decision.Front is null || decision.Revisions.Any(r => r.Revision.Name == decision.Front), "who serves keeps its pods");
        Require(state.Stable is null || decision.Revisions.Any(r => r.Revision.Is(state.Stable)), "stable keeps its pods");
        Require(state.Candidate is null || !state.Candidate.Is(state.Stable), "stable is no candidate");
        Require(state.Stage is null || state.Candidate is not null || state.Stage is Stage.Retiring, "a stage belongs to a candidate");
        Require(decision.Revisions.All(static r => r.Floor >= 1), "a revision that is kept has pods");
        Require(state.Attempt >= before.Attempt && state.Attempt <= before.Attempt + 1, "attempts are counted one by one");
        Require(state.History.Length <= RolloutState.HistoryLimit, "history is bounded");
        Require(state.History.Select(static h => h.Attempt).Distinct().Count() == state.History.Length, "an attempt ends once");
        Require(decision.NextAction.Length > 0, "every decision says what comes next");
        Require(decision.NextTime is null || decision.NextTime > now, "what is due is done");
        CandidateIsEarned(plan, before, seen, decision);
        ComesToRest(plan, state, seen, now);
    }

    /// <summary>While nothing else happens, few decisions follow one another, and then none.</summary>
    static void ComesToRest(RolloutPlan plan, RolloutState state, Observation seen, DateTimeOffset now)
    {
        for (var i = 0; i < 3; i++)
        {
            var next = Rollout.Next(plan, state, seen, now).State;
            if (next == state)
                return;
            state = next;
        }

        Require(false, "deciding comes to rest");
    }

    /// <summary>Users are sent to a candidate only when it has what they need, and not while that is held.</summary>
    static void CandidateIsEarned(RolloutPlan plan, RolloutState before, Observation seen, Decision decision)
    {
        if (decision.State is not { Stable: { } stable, Candidate: { } candidate, Stage: Stage.Promoting } || before.Stage is Stage.Promoting)
            return;
        Require(candidate.Is(plan.Wanted), "only what is asked for is promoted");
        Require(!plan.Paused, "nothing is promoted while paused");
        var need = seen.ReadyOf(stable) == 0 ? 1 : plan.MinReplicas;
        Require(seen.ReadyOf(candidate) >= need, "a candidate without its pods is not promoted");
    }

    static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvariantException("broken: " + what);
    }
}
