using System.Collections.Immutable;

namespace Sluice.Rollouts.Tests.Simulation;

/// <summary>
/// Pods, a front Service whose endpoints lag behind it, pods that apply the split late and may say something else, gates
/// that lie or are silent, and an operator that may fail after any of its writes.
/// </summary>
internal sealed class SimulatedCluster(int min, int max)
{
    static readonly Revision[] All = [Given.A, Given.B, Given.C];

    readonly Dictionary<string, Pods> deployments = [];
    ImmutableHashSet<string> serving = [];
    string? selected;
    TrafficSplit? written;
    TrafficSplit? applied;
    Observation remembered = new([], FrontObservation.None);

    public RolloutState State { get; private set; } = RolloutState.Empty;

    public DateTimeOffset Now { get; private set; } = Given.Noon;

    public RolloutPlan Plan { get; set; } = new(Given.A, min, max, TimeSpan.FromMinutes(10), Paused: false);

    /// <summary>What the pods say they apply, when that is not the truth.</summary>
    public TrafficSplit? Lie { get; set; }

    public bool Silent { get; set; }

    public Verdict? Gate { get; set; }

    public bool StaleGate { get; set; }

    public long? Comparisons { get; set; }

    /// <summary>Everything that was decided and seen, for the message of a failure.</summary>
    public List<string> Story { get; } = [];

    public string Summary => $"front {selected}, stage {State.Stage}, step {State.Step}, pods of {string.Join(',', deployments.Select(static d => $"{d.Key} {d.Value.Ready}/{d.Value.Desired}"))}, split {written} applied {applied}";

    public bool IsSettledOn(Revision revision) =>
        State.Stable == revision && State.Candidate is null && State.Stage is null
        && selected == revision.Name && deployments.Count == 1 && deployments.ContainsKey(revision.Name);

    public Observation Observe()
    {
        var verdict = Gate is { } said ? new GateVerdict("errors", said, StaleGate ? State.Attempt - 1 : State.Attempt, State.Step, 100, "said so.") : null;
        return new Observation(
            [.. deployments.OrderBy(static d => d.Key, StringComparer.Ordinal).Select(static d => new RevisionObservation(Given.Revision(d.Key), d.Value.Desired, d.Value.Ready, d.Value.Failure))],
            new FrontObservation(selected, Served.ToImmutableHashSet()))
        {
            Split = Silent || State.Stable is not { } stable || !deployments.TryGetValue(stable.Name, out var pods) || pods.Ready == 0 ? null : Lie ?? applied,
            Verdicts = verdict is null ? [] : [verdict],
            Comparisons = Comparisons,
        };
    }

    public void PodBecomesReady(int which, bool everybody = false)
    {
        foreach (var pods in Chosen(which, everybody))
        {
            pods.Failure = null;
            pods.Ready = Math.Min(pods.Ready + 1, pods.Desired);
        }
    }

    public void PodsCrash(int which, Failure? failure)
    {
        foreach (var pods in Chosen(which, everybody: false))
            (pods.Ready, pods.Failure) = (0, failure);
    }

    public void AutoscalerAdds(int which)
    {
        foreach (var pods in Chosen(which, everybody: false).Where(p => p.Desired < max))
            pods.Desired++;
    }

    public void SomebodyScales(int which)
    {
        foreach (var pods in Chosen(which, everybody: false))
            (pods.Desired, pods.Ready) = (1, Math.Min(pods.Ready, 1));
    }

    public void SomebodyMovesTheFront(int which) => selected = selected is null ? null : All[which % All.Length].Name;

    public void SomebodyWritesTheSplit(int which) => written = TrafficSplit.AllTo(All[which % All.Length].Name);

    public void StatusIsLost() => State = RolloutState.Empty;

    public void EndpointsFollow() => serving = selected is null ? [] : [selected];

    public void PodsApplyTheSplit() => applied = written;

    public void TimePasses(TimeSpan time) => Now += time;

    public void Remember() => remembered = Observe();

    /// <summary>One pass of the operator.</summary>
    /// <param name="writes">After how many writes it dies.</param>
    /// <param name="stale">Whether it sees the world as it was remembered.</param>
    public void Pass(int writes = int.MaxValue, bool stale = false)
    {
        var seen = stale ? remembered : Observe();
        var decision = Rollout.Next(Plan, State, seen, Now);
        Story.Add($"{Now:HH:mm:ss}{(stale ? " stale" : "")} wants {Plan.Wanted?.Name} by {string.Join(' ', Plan.Steps.Select(static s => $"{s.Weight}/{s.Shadow}"))}: front {decision.Front}, {decision.State.Stage} {decision.State.Step}, split {decision.Split}, stable {decision.State.Stable?.Name}, candidate {decision.State.Candidate?.Name}: {decision.NextAction}");
        Invariants.Check(Plan, State, seen, decision, Now);
        if (!stale)
            NoUserIsLeftAlone(decision);
        foreach (var write in Writes(decision).Take(writes))
            write();
    }

    /// <summary>In the order in which the operator writes: the split, capacity, the front, the status; then what is needed no longer goes.</summary>
    IEnumerable<Action> Writes(Decision decision)
    {
        yield return () => written = decision.Split ?? written;
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
        var kept = decision.Revisions.Select(static r => r.Revision.Name).ToHashSet();
        Invariants.Require(!Served.Except(kept).Any(), $"{string.Join(',', Served.Except(kept))} goes while users are sent to it");
        var next = decision.Front is { } front && deployments.TryGetValue(front, out var there) ? there.Ready : 0;
        Invariants.Require(
            selected is null || decision.Front == selected || !Served.Contains(selected) || next > 0,
            $"users are sent from {selected}, which serves, to {decision.Front}, which does not");
        if (State.Stable is { } drawing && Lie is null && !Silent && Served.Contains(drawing.Name) && applied is { } split)
            Invariants.Require(split.Shares.All(s => s.Percent == 0 || !deployments.ContainsKey(s.Revision) || kept.Contains(s.Revision)), "who has a share in the pods keeps its pods");
    }

    IEnumerable<string> Served => serving.Where(r => deployments.TryGetValue(r, out var pods) && pods.Ready > 0);

    IEnumerable<Pods> Chosen(int which, bool everybody) =>
        everybody ? deployments.Values : deployments.Where(d => d.Key == All[which % All.Length].Name).Select(static d => d.Value);

    sealed class Pods
    {
        public int Desired { get; set; }

        public int Ready { get; set; }

        public Failure? Failure { get; set; }
    }
}

internal sealed class InvariantException(string message) : Exception(message);
