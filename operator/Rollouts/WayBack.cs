namespace Sluice.Rollouts;

/// <summary>From the candidate back to stable: share 0 first, then the front, and the pods last. Waits for no gate and no approval.</summary>
internal static class WayBack
{
    /// <summary>Why the attempt cannot go on; null when it can.</summary>
    public static Leaving? Cause(Turn turn, Revision stable, Revision candidate)
    {
        if (turn.Plan.Abort == candidate.Digest)
            return new Leaving(RolloutOutcome.Aborted, "Aborted", $"rollout.abort takes {candidate.Title} back.");
        if (Failed(turn) is { } verdict)
            return GateFailed(candidate, verdict);
        if (turn.Lacking && turn.Seen.Of(candidate)?.Failure is { Final: true } failure)
            return new Leaving(RolloutOutcome.RolledBack, failure.Reason, $"{candidate.Title} does not become Ready: {failure.Message.TrimEnd('.')}.");
        if (turn.Deadline <= turn.Now)
            return Overdue(turn, candidate);
        if (stable.Is(turn.Plan.Wanted))
            return new Leaving(RolloutOutcome.Superseded, "Superseded", $"The spec asks for {stable.Title} again; {candidate.Title} goes.");
        // Users who are on the way arrive first; that is a matter of moments.
        return turn.Plan.Wanted is not { } wanted || wanted.Is(candidate) || turn.State.Stage is Stage.Promoting && turn.Seen.FrontTouches(candidate)
            ? null
            : new Leaving(RolloutOutcome.Superseded, "Superseded", $"The spec asks for {wanted.Title} now; {candidate.Title} goes.");
    }

    /// <summary>
    /// Users go back once stable can take them, and at once when the candidate has nothing left. The candidate keeps its
    /// pods until no request can reach them any more.
    /// </summary>
    public static Decision Next(Turn turn, Revision stable, Revision candidate)
    {
        var why = turn.State.Leaving ?? new Leaving(RolloutOutcome.Superseded, "Superseded", $"{candidate.Title} goes.");
        if (!MayBeReached(turn, stable, candidate))
        {
            turn = turn.Finish(why.Outcome, why.Message, why.Reason);
            return Rollout.Served(turn.Saying(why.Outcome.ToString(), $"{candidate.Title} gets no more requests; {stable.Title} serves. {why.Message}"), stable);
        }

        if (turn.Seen.FrontTouches(candidate) && turn.Seen.ReadyOf(candidate) > 0 && turn.Restoring(stable) is { } missing)
            return turn.Decide(candidate, $"{why.Message} {missing}");
        return turn.Decide(stable, turn.Seen.FrontTouches(candidate)
            ? $"{why.Message} Users move back to {stable.Title}."
            : $"{why.Message} Waiting until the pods of {stable.Title} report that nothing goes to {candidate.Title} any more.");
    }

    /// <summary>What serves fails while the old revision is still kept: the promotion is taken back.</summary>
    public static Decision? AfterPromotion(Turn turn)
    {
        if (turn.State is not { Stage: Stage.Soaking, Stable: { } failed, Soak: { } soak })
            return null;
        Leaving why;
        if (turn.Plan.Abort == failed.Digest)
            why = new Leaving(RolloutOutcome.Aborted, "Aborted", $"rollout.abort takes {failed.Title} back.");
        else if (Failed(turn) is { } verdict)
            why = GateFailed(failed, verdict);
        else
            return null;
        var state = turn.State with
        {
            Stable = soak.Revision,
            Candidate = failed,
            Outcome = null,
            Soak = null,
            StableReplicas = soak.Replicas,
            Step = turn.Plan.Steps.IsEmpty ? null : 0,
            History = turn.State.History.RemoveAll(h => h.Attempt == turn.State.Attempt),
        };
        return Next((turn with { State = state }).Leave(why), soak.Revision, failed);
    }

    static GateVerdict? Failed(Turn turn) => turn.Seen.Verdicts.FirstOrDefault(
        v => v.Verdict is Verdict.Fail && v.Attempt == turn.State.Attempt && turn.Plan.Gates.Contains(v.Gate));

    static Leaving GateFailed(Revision revision, GateVerdict verdict) => new(
        RolloutOutcome.RolledBack, "GateFailed", $"Gate {verdict.Gate} failed for {revision.Title} after {verdict.Samples} requests: {verdict.Message.TrimEnd('.')}.");

    static Leaving Overdue(Turn turn, Revision candidate)
    {
        var failure = turn.Seen.Of(candidate)?.Failure;
        var cause = failure is null ? "" : $" {failure.Reason}: {failure.Message.TrimEnd('.')}.";
        return new Leaving(
            RolloutOutcome.RolledBack,
            failure?.Reason ?? "ProgressDeadlineExceeded",
            $"{candidate.Title} did not have its pods Ready within {turn.Plan.ProgressDeadline.TotalMinutes:0.#} minutes.{cause}");
    }

    /// <summary>A split that nobody has read back counts as one that still reaches the candidate, once it may have been given a share.</summary>
    /// <remarks>The split without the candidate's name was asked for after the last share: nothing older looks like it.</remarks>
    static bool MayBeReached(Turn turn, Revision stable, Revision candidate)
    {
        if (turn.Seen.FrontTouches(candidate))
            return true;
        return turn.State.Step is null
            ? turn.Seen.Split?.Reaches(candidate.Name) is true
            : turn.Seen.ReadyOf(stable) > 0 && !TrafficSplit.AllTo(stable.Name).Equals(turn.Seen.Split);
    }
}
