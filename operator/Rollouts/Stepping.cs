namespace Sluice.Rollouts;

/// <summary>From a candidate without users, step by step, to one that has them all.</summary>
internal static class Stepping
{
    public static Decision Next(Turn turn, Revision stable, Revision candidate)
    {
        if (turn.State.Stage is Stage.RollingBack)
            return WayBack.Next(turn, stable, candidate);
        if (WayBack.Cause(turn, stable, candidate) is { } why)
            return WayBack.Next(turn.Leave(why), stable, candidate);
        var before = turn.State;
        turn = Exposure.OfThePlan(turn, stable, candidate);
        if (before.Stage != turn.State.Stage || before.StageTime != turn.State.StageTime)
            return Exposure.Lost(turn, stable, candidate) ?? turn.Sized(stable).Decide(stable, $"The steps have changed: {candidate.Title} takes its place among the new ones.");
        if (turn.State.Stage is not (Stage.Warming or Stage.Promoting) && !HasStep(turn))
            turn = turn.To(Stage.Warming);
        if (turn.State.Step is not null || turn.State.Stage is Stage.Promoting)
            turn = turn.Sized(stable);
        var decision = turn.State.Stage switch
        {
            Stage.Promoting => Promoting(turn, stable, candidate),
            Stage.Scaling => Scaling(turn, stable, candidate),
            Stage.Shifting => Shifting(turn, stable, candidate),
            Stage.Shadowing or Stage.Analyzing or Stage.AwaitingApproval => Examining(turn, stable, candidate),
            _ => Warming(turn, stable, candidate),
        };
        return decision;
    }

    static Decision Warming(Turn turn, Revision stable, Revision candidate)
    {
        turn = turn.To(Stage.Warming);
        if (turn.Capacity(stable, candidate) is { } missing)
            return turn.Decide(stable, missing);
        if (Held(turn, candidate) is { } held)
            return turn.Decide(stable, held);
        return Enter(turn, turn.State.Direct || MaySkip(turn, stable, candidate) ? turn.Plan.Steps.Length : 0, stable, candidate);
    }

    /// <summary>Only remembers where it goes; what that means for users comes with the next decision.</summary>
    static Decision Enter(Turn turn, int step, Revision stable, Revision candidate)
    {
        if (step >= turn.Plan.Steps.Length || (turn.Plan.Steps[step].IsPromotion && turn.Plan.Gates.IsEmpty))
        {
            return turn.To(Stage.Promoting).Sized(stable)
                .Saying("Promoting", $"{candidate.Title} is to take over from {stable.Title}.")
                .Decide(stable, $"{candidate.Title} gets all its pods, then users move to it.");
        }

        var next = turn with { State = turn.State with { Step = step, StepTime = null, Stage = Stage.Scaling, StageTime = turn.Now } };
        return next.Sized(stable)
            .Saying("StepStarted", $"Step {step} of {candidate.Title}: {Described(turn.Plan.Steps[step])}.")
            .Decide(stable, $"{candidate.Title} gets the pods for step {step}: {Described(turn.Plan.Steps[step])}.");
    }

    static Decision Scaling(Turn turn, Revision stable, Revision candidate)
    {
        if (Exposure.Lost(turn, stable, candidate) is { } lost)
            return lost;
        if (turn.Capacity(stable, candidate) is { } missing)
            return turn.Decide(stable, missing);
        if (Held(turn, candidate) is { } held)
            return turn.Decide(stable, held);
        if (MaySkip(turn, stable, candidate))
            return Skip(turn, stable, candidate);
        if (Unseen(turn, stable) is { } unseen)
            return turn.Decide(stable, unseen);
        var step = turn.Plan.Steps[turn.State.Step!.Value];
        var weight = Math.Max(step.Weight, turn.State.Weight);
        return (turn with { State = turn.State with { Weight = weight, Shadow = step.Shadow } }).To(Stage.Shifting)
            .Saying("TrafficShifting", $"{candidate.Title} is given {Described(step with { Weight = weight })}.")
            .Decide(stable, $"The pods of {stable.Title} take on the split: {Described(step with { Weight = weight })} for {candidate.Title}.");
    }

    /// <summary>What must be seen to before a share that was given can be judged; null when nothing.</summary>
    static Decision? Unsettled(Turn turn, Revision stable, Revision candidate)
    {
        if (Exposure.Lost(turn, stable, candidate) is { } lost)
            return lost;
        if (MaySkip(turn, stable, candidate))
            return Skip(turn, stable, candidate);
        return Unseen(turn, stable) is { } unseen ? turn.Decide(stable, unseen) : null;
    }

    static Decision Shifting(Turn turn, Revision stable, Revision candidate)
    {
        if (Unsettled(turn, stable, candidate) is { } unsettled)
            return unsettled;
        turn = turn with { State = turn.State with { StepTime = turn.Now } };
        turn = turn.To(turn.State is { Shadow: > 0, Weight: 0 } ? Stage.Shadowing : Stage.Analyzing);
        return Examining(turn.Saying("TrafficObserved", $"The pods of {stable.Title} apply the split: {turn.Split(stable)}."), stable, candidate);
    }

    static Decision Examining(Turn turn, Revision stable, Revision candidate)
    {
        if (Unsettled(turn, stable, candidate) is { } unsettled)
            return unsettled;
        if (turn.Capacity(stable, candidate) is { } missing)
            return turn.Decide(stable, missing);
        if (StepProof.Lacking(turn, candidate) is { } lacking)
            return turn.Decide(stable, lacking.What, lacking.Due);
        if (StepProof.Approval(turn, candidate) is { } needed)
        {
            var asked = turn.State.Stage is Stage.AwaitingApproval ? turn : turn.Saying("ApprovalRequired", needed);
            return asked.To(Stage.AwaitingApproval).Decide(stable, needed) with { ApprovalNeeded = needed };
        }

        return Held(turn, candidate) is { } held
            ? turn.Decide(stable, held)
            : Enter(turn, turn.State.Step!.Value + 1, stable, candidate);
    }

    static Decision Promoting(Turn turn, Revision stable, Revision candidate)
    {
        if (turn.Seen.FrontIsAt(candidate))
            return turn.Promote(candidate, stable);
        if (Exposure.Lost(turn, stable, candidate) is { } lost)
            return lost;
        if (turn.Seen.FrontTouches(candidate))
            return turn.Decide(candidate, $"Users move to {candidate.Title}.");
        if (turn.Capacity(stable, candidate) is { } missing)
            return turn.Decide(stable, missing);
        if (Held(turn, candidate) is { } held)
            return turn.Decide(stable, held);
        if (!turn.IsBroken(stable) && IsUntested(turn))
        {
            return turn.To(turn.State.Step is null ? Stage.Warming : Stage.Scaling)
                .Saying("StableIsBack", $"{stable.Title} serves again; {candidate.Title} takes its steps.")
                .Decide(stable, $"{candidate.Title} goes on with its steps.");
        }

        if (turn.State.Step is not null && !turn.IsBroken(stable) && Unseen(turn, stable) is { } unseen)
            return turn.Decide(stable, unseen);
        // From here on nobody who still reaches the old pods is answered by the old version.
        if (turn.State.Step is not null)
            turn = turn with { State = turn.State with { Weight = TrafficSplit.Whole, Shadow = 0 } };
        return turn
            .Saying("UsersMoving", $"{candidate.Title} has all its pods; users move to it from {stable.Title}.")
            .Decide(candidate, $"Users move to {candidate.Title}.");
    }

    /// <summary>A healthy candidate is better than a stable that serves nobody, unless a person has a say in it first.</summary>
    static bool MaySkip(Turn turn, Revision stable, Revision candidate) =>
        turn.IsBroken(stable) && turn.Seen.ReadyOf(candidate) > 0 && Held(turn, candidate) is null
        && !turn.Plan.Steps.Select(static (step, index) => (step, index)).Skip(turn.State.Step ?? 0)
            .Any(s => s.step.Held || (s.step.Approval && turn.Plan.Approve?.Covers(candidate, s.index) is not true));

    static Decision Skip(Turn turn, Revision stable, Revision candidate)
    {
        var skipped = turn with { State = turn.State with { StepTime = null } };
        return Enter(
            skipped.Saying("StableBroken", $"{stable.Title} serves nobody; {candidate.Title} is healthy and takes over without the rest of its steps.", warning: true),
            turn.Plan.Steps.Length, stable, candidate);
    }

    /// <summary>Whether only a broken stable has brought the candidate so far.</summary>
    static bool IsUntested(Turn turn) => turn.State.Step is null
        ? !turn.State.Direct && !turn.Plan.Steps.IsEmpty && !(turn.Plan.Steps[0].IsPromotion && turn.Plan.Gates.IsEmpty)
        : turn.State.StepTime is null && !turn.Plan.Steps.IsEmpty;

    /// <summary>A status that somebody wrote may say anything.</summary>
    static bool HasStep(Turn turn) => turn.State.Step is { } step && step >= 0 && step < turn.Plan.Steps.Length;

    /// <summary>Why nothing goes forward at the moment, by somebody's wish.</summary>
    static string? Held(Turn turn, Revision candidate)
    {
        if (turn.Plan.Wanted is null)
            return $"{candidate.Title} stays where it is until the spec can be resolved.";
        return turn.Plan.Paused
            ? $"{candidate.Title} is ready for more and held: set rollout.paused to false to go on."
            : turn.Seen.Hold is { } hold ? $"{candidate.Title} is held: {hold}" : null;
    }

    static string? Unseen(Turn turn, Revision stable)
    {
        var wanted = turn.Split(stable);
        if (wanted.Equals(turn.Seen.Split))
            return null;
        var seen = turn.Seen.Split is { } other ? $"they report: {other}" : "not all of them report one split";
        return $"Waiting until the pods of {stable.Title} apply the split: {wanted}; {seen}.";
    }

    static string Described(Step step) => (step.Weight, step.Shadow) switch
    {
        (var weight, 0) => $"{weight} % of the requests",
        (0, var shadow) => $"copies of {shadow} % of the requests",
        var (weight, shadow) => $"{weight} % of the requests and copies of {shadow} %",
    };
}
