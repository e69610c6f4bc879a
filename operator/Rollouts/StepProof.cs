namespace Sluice.Rollouts;

/// <summary>What the running step must have shown before it is left. What is not known is not shown.</summary>
internal static class StepProof
{
    /// <summary>What is missing and when it is due; null when nothing.</summary>
    public static (string What, DateTimeOffset? Due)? Lacking(Turn turn, Revision candidate)
    {
        var index = turn.State.Step!.Value;
        var step = turn.Plan.Steps[index];
        if (step.Held)
            return ($"{candidate.Title} is held at {turn.State.Weight} %: change predictor.canaryTrafficPercent, or remove it to promote.", null);
        var until = (turn.State.StepTime ?? turn.Now) + step.For;
        if (turn.Now < until)
            return ($"Step {index} of {candidate.Title} lasts until {until:HH:mm:ss}.", until);
        if (step.MinRequests > 0 && !(turn.Seen.Comparisons >= step.MinRequests))
            return ($"Step {index} of {candidate.Title} has compared {turn.Seen.Comparisons?.ToString() ?? "an unknown number"} of {step.MinRequests} requests.", null);
        // A preview has no requests that a gate could look at; what fails there ends the attempt all the same.
        return step.Exposes || turn.State.Weight > 0 ? Undecided(turn, candidate, index) : null;
    }

    /// <summary>Whose consent is missing; null when nobody's.</summary>
    public static string? Approval(Turn turn, Revision candidate)
    {
        var index = turn.State.Step!.Value;
        if (!turn.Plan.Steps[index].Approval || turn.Plan.Approve?.Covers(candidate, index) is true)
            return null;
        var stale = turn.Plan.Approve is { } other && other.Digest != candidate.Digest
            ? $" The approval that is there is for {other.Digest} and counts for nothing here." : "";
        return $"Step {index} of {candidate.Title} is over: set rollout.approve to digest {candidate.Digest} and throughStep {index} to go on.{stale}";
    }

    static (string What, DateTimeOffset? Due)? Undecided(Turn turn, Revision candidate, int index)
    {
        foreach (var gate in turn.Plan.Gates)
        {
            var verdict = turn.Seen.Verdicts.LastOrDefault(v => v.Gate == gate && v.Attempt == turn.State.Attempt && v.Step == index);
            if (verdict?.Verdict is Verdict.Pass)
                continue;
            var said = verdict is null ? "there is no evidence yet" : $"{verdict.Samples} requests: {verdict.Message.TrimEnd('.')}";
            return ($"Gate {gate} is undecided on step {index} of {candidate.Title}: {said}.", null);
        }

        return null;
    }
}
