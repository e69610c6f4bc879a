namespace Sluice.Rollouts;

/// <summary>How many pods who needs.</summary>
internal sealed partial record Turn
{
    /// <summary>What the candidate lacks for what it has been given or is to be given next; null when nothing.</summary>
    /// <remarks>While stable has no Ready pod, one of the candidate's is better than waiting.</remarks>
    public string? Capacity(Revision stable, Revision candidate)
    {
        var ready = Seen.ReadyOf(candidate);
        var need = Seen.ReadyOf(stable) == 0 ? 1 : Need(stable);
        return ready >= need ? null : $"Waiting for the pods of {candidate.Title}: {ready} of {need} Ready.";
    }

    /// <summary>What stable lacks before users may be sent back to it; null when nothing. Once they are there, one pod is enough to stay.</summary>
    public string? Restoring(Revision stable)
    {
        var ready = Seen.ReadyOf(stable);
        var need = Seen.Front.Selected == stable.Name ? 1 : Floor(stable);
        return ready >= need ? null : $"Waiting for the pods of {stable.Title} before users move back: {ready} of {need} Ready.";
    }

    /// <summary>Nobody is served by stable, and it is known not to come back by itself.</summary>
    public bool IsBroken(Revision stable) =>
        Seen.ReadyOf(stable) == 0 && (Seen.Of(stable) is null || Seen.Of(stable)!.Failure is not null);

    public bool Lacking => State.Candidate is { } candidate
        && (State.Stable is { } stable ? Capacity(stable, candidate) is not null : Seen.ReadyOf(candidate) == 0);

    /// <summary>When the lack of pods ends the attempt; nothing to wait for once the cause is final.</summary>
    public DateTimeOffset? Deadline =>
        State.Stage is not Stage.RollingBack && Lacking && Seen.Of(State.Candidate)?.Failure is not { Final: true }
            ? State.LackingTime + Plan.ProgressDeadline
            : null;

    /// <summary>Since when the candidate lacks pods: a pod that is lost late has a deadline of its own.</summary>
    public Turn Timed()
    {
        var since = Lacking ? State.LackingTime ?? (State.Stage is Stage.Warming ? State.StageTime : null) ?? Now : (DateTimeOffset?)null;
        return since == State.LackingTime ? this : this with { State = State with { LackingTime = since } };
    }

    /// <summary>Stable's size while users are shared, so that all of them can come back at any time. It does not count the candidate's pods.</summary>
    public Turn Sized(Revision stable)
    {
        var size = Full(stable);
        return size == State.StableReplicas ? this : this with { State = State with { StableReplicas = size } };
    }

    /// <summary>The pods that all users need.</summary>
    int Full(Revision stable) => Plan.Autoscaled
        ? Math.Clamp(Math.Max(State.StableReplicas, Seen.Of(stable)?.Desired ?? 0), Plan.MinReplicas, Plan.MaxReplicas)
        : Plan.MinReplicas;

    /// <summary>The candidate's pods for its share: no share is given before they are Ready.</summary>
    int Need(Revision stable)
    {
        var load = Math.Max(State.Weight, State.Shadow);
        if (State.Direct || Plan.Steps.IsEmpty || State.Stage is Stage.Promoting)
            load = TrafficSplit.Whole;
        else if (State.Stage is not Stage.RollingBack)
            load = Math.Max(load, Plan.Steps[Math.Clamp(State.Step ?? 0, 0, Plan.Steps.Length - 1)].Load);
        return Math.Max(1, (Full(stable) * load + TrafficSplit.Whole - 1) / TrafficSplit.Whole);
    }

    int Floor(Revision revision)
    {
        if (State is { Stable: { } stable, Candidate: { } candidate } && revision.Is(candidate))
            return CandidateFloor(stable, candidate);
        if (revision.Is(State.Stable))
            return State.StableReplicas == 0 ? Plan.MinReplicas : Full(revision);
        return revision.Is(State.Soak?.Revision) ? Math.Clamp(State.Soak!.Replicas, Plan.MinReplicas, Plan.MaxReplicas) : Plan.MinReplicas;
    }

    /// <summary>Until a lower share has been seen to apply, the pods of the higher one stay.</summary>
    int CandidateFloor(Revision stable, Revision candidate)
    {
        var need = Need(stable);
        var settled = State.Stage is not Stage.RollingBack && (State.Step is null || Split(stable).Equals(Seen.Split));
        return settled ? need : Math.Max(need, Math.Min(Seen.Of(candidate)?.Desired ?? 0, Plan.MaxReplicas));
    }
}
