namespace Sluice.Rollouts;

/// <summary>What becomes of the candidate's share when the world or the steps change under it.</summary>
internal static class Exposure
{
    /// <summary>
    /// Other steps than those the state counts in: the share that the candidate has is kept as far as they allow it, and
    /// the place among them is the one that this share has. The step's time starts again.
    /// </summary>
    public static Turn OfThePlan(Turn turn, Revision stable, Revision candidate)
    {
        var steps = turn.Plan.Steps;
        var hash = StepList.Fingerprint(steps);
        if (turn.State.StepsHash == hash && (turn.State.Step ?? 0) < Math.Max(steps.Length, 1))
            return turn;
        var state = turn.State with { StepsHash = hash };
        var moved = state.Stage is Stage.Promoting && turn.Seen.FrontTouches(candidate);
        if (state.Step is null || state.Direct || moved)
        {
            // Without a place among the steps nothing but the way to it depends on them.
            var stage = state.Stage is Stage.Promoting && !moved && !state.Direct && !turn.IsBroken(stable) ? Stage.Warming : state.Stage;
            return (turn with { State = state with { Step = moved ? null : state.Step } }).To(stage);
        }

        turn = turn.Saying("StepsChanged", $"The steps of {candidate.Title} have changed; it keeps its share where they allow it.");
        if (steps.IsEmpty)
            return (turn with { State = state with { Step = 0, StepTime = state.StepTime ?? turn.Now } }).To(Stage.Promoting);
        var weight = Math.Min(state.Weight, steps.Max(static s => s.Weight));
        return turn with
        {
            State = state with
            {
                Step = Place(steps, weight, state.Step.Value),
                StepTime = null,
                Weight = weight,
                Stage = Stage.Scaling,
                StageTime = turn.Now,
            },
        };
    }

    /// <summary>A share names only who has Ready pods.</summary>
    public static Decision? Lost(Turn turn, Revision stable, Revision candidate)
    {
        if (turn.Seen.ReadyOf(candidate) > 0 || turn.Seen.ReadyOf(stable) == 0)
            return null;
        var exposed = turn.State.Weight > 0 || turn.State.Shadow > 0 || turn.Seen.FrontTouches(candidate);
        if (!exposed)
            return null;
        var stage = turn.State.Step is null || turn.Plan.Steps.IsEmpty ? Stage.Warming : Stage.Scaling;
        return (turn with { State = turn.State with { Weight = 0, Shadow = 0, StepTime = null } }).To(stage)
            .Saying("CandidateLost", $"{candidate.Title} lost all its pods; users stay with {stable.Title}.", warning: true)
            .Decide(stable, $"Waiting for pods of {candidate.Title} to become Ready again.");
    }

    /// <summary>Among the steps of the largest share that is not above the present one, the one nearest to where it was.</summary>
    static int Place(IReadOnlyList<Step> steps, int weight, int before)
    {
        var reached = steps.Where(s => s.Weight <= weight).Select(static s => s.Weight).DefaultIfEmpty(-1).Max();
        if (reached < 0)
            return 0;
        var first = 0;
        while (steps[first].Weight != reached)
            first++;
        var last = first;
        while (last + 1 < steps.Count && steps[last + 1].Weight == reached)
            last++;
        return Math.Clamp(before, first, last);
    }
}
