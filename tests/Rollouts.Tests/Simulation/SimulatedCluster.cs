using System.Collections.Immutable;

namespace Sluice.Rollouts.Tests.Simulation;

/// <summary>Pods, a front Service whose endpoints lag behind it, and an operator that may fail after any of its writes.</summary>
internal sealed class SimulatedCluster(int min, int max)
{
    static readonly Revision[] All = [Given.A, Given.B, Given.C];

    readonly Dictionary<string, Pods> deployments = [];
    ImmutableHashSet<string> serving = [];
    string? selected;
    Observation remembered = new([], FrontObservation.None);

    public RolloutState State { get; private set; } = RolloutState.Empty;

    public DateTimeOffset Now { get; private set; } = Given.Noon;

    public Revision? Wanted { get; set; } = Given.A;

    public bool Paused { get; set; }

    /// <summary>Everything that was decided and seen, for the message of a failure.</summary>
    public List<string> Story { get; } = [];

    public IReadOnlyCollection<string> Deployed => deployments.Keys;

    public string? Selected => selected;

    public bool IsSettledOn(Revision revision) =>
        State.Stable == revision && State.Candidate is null && State.Stage is null
        && selected == revision.Name && deployments.Count == 1 && deployments.ContainsKey(revision.Name);

    public Observation Observe() => new(
        [.. deployments.OrderBy(static d => d.Key, StringComparer.Ordinal).Select(static d => new RevisionObservation(Given.Revision(d.Key), d.Value.Desired, d.Value.Ready, null))],
        new FrontObservation(selected, serving.Where(r => deployments.TryGetValue(r, out var pods) && pods.Ready > 0).ToImmutableHashSet()));

    public void PodBecomesReady(int which, bool everybody = false)
    {
        foreach (var pods in Chosen(which, everybody))
            pods.Ready = Math.Min(pods.Ready + 1, pods.Desired);
    }

    public void PodsCrash(int which)
    {
        foreach (var pods in Chosen(which, everybody: false))
            pods.Ready = 0;
    }

    public void AutoscalerAdds(int which)
    {
        foreach (var pods in Chosen(which, everybody: false).Where(p => p.Desired < max))
            pods.Desired++;
    }

    public void EndpointsFollow() => serving = selected is null ? [] : [selected];

    public void TimePasses(TimeSpan time) => Now += time;

    public void Remember() => remembered = Observe();

    /// <summary>One pass of the operator.</summary>
    /// <param name="writes">After how many writes it dies.</param>
    /// <param name="stale">Whether it sees the world as it was remembered.</param>
    public Decision Pass(int writes = int.MaxValue, bool stale = false)
    {
        var plan = new RolloutPlan(Wanted, min, max, TimeSpan.FromMinutes(10), Paused);
        var seen = stale ? remembered : Observe();
        var decision = Rollout.Next(plan, State, seen, Now);
        Story.Add($"{(stale ? "stale " : "")}front {decision.Front}, {decision.State.Stage}, stable {decision.State.Stable?.Name}, candidate {decision.State.Candidate?.Name}: {decision.NextAction}");
        Invariants.Check(plan, State, seen, decision, Now);
        if (!stale)
            NoUserIsLeftAlone(decision);
        foreach (var write in Writes(decision).Take(writes))
            write();
        return decision;
    }

    IEnumerable<Action> Writes(Decision decision)
    {
        foreach (var need in decision.Revisions)
            yield return () => Scale(need);
        yield return () => selected = decision.Front;
        yield return () => State = decision.State;
        foreach (var gone in deployments.Keys.Except(decision.Revisions.Select(static r => r.Revision.Name)).ToArray())
            yield return () => deployments.Remove(gone);
    }

    void Scale(RevisionNeed need)
    {
        if (!deployments.TryGetValue(need.Revision.Name, out var pods))
            deployments[need.Revision.Name] = pods = new Pods();
        pods.Desired = max > min ? Math.Clamp(pods.Desired, need.Floor, max) : need.Floor;
        pods.Ready = Math.Min(pods.Ready, pods.Desired);
    }

    void NoUserIsLeftAlone(Decision decision)
    {
        var served = serving.Where(r => deployments.TryGetValue(r, out var pods) && pods.Ready > 0).ToArray();
        var kept = decision.Revisions.Select(static r => r.Revision.Name).ToHashSet();
        if (served.Except(kept).Any())
            throw new InvariantException($"{string.Join(',', served.Except(kept))} goes while users are sent to it");
        var next = decision.Front is { } front && deployments.TryGetValue(front, out var there) ? there.Ready : 0;
        if (selected is not null && decision.Front != selected && served.Contains(selected) && next == 0)
            throw new InvariantException($"users are sent from {selected}, which serves, to {decision.Front}, which does not");
    }

    IEnumerable<Pods> Chosen(int which, bool everybody) =>
        everybody ? deployments.Values : deployments.Where(d => d.Key == All[which % All.Length].Name).Select(static d => d.Value);

    sealed class Pods
    {
        public int Desired { get; set; }

        public int Ready { get; set; }
    }
}

internal sealed class InvariantException(string message) : Exception(message);
