using System.Collections.Immutable;

namespace Sluice.Rollouts.Tests;

/// <summary>Small worlds to decide on.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Revision A = Revision("a");
    public static readonly Revision B = Revision("b");
    public static readonly Revision C = Revision("c");

    public static Revision Revision(string name) => new(name, name + "-version", "https://models/" + name, "sha256:" + name);

    public static RolloutPlan Plan(Revision? wanted, int min = 1, int max = 1, bool paused = false) =>
        new(wanted, min, max, TimeSpan.FromMinutes(10), paused);

    public static RolloutState Serving(Revision stable) => RolloutState.Empty with { Stable = stable, Attempt = 1, Outcome = RolloutOutcome.Promoted };

    public static RolloutState During(Stage stage, Revision stable, Revision candidate) => Serving(stable) with
    {
        Candidate = candidate,
        Attempt = 2,
        Stage = stage,
        StartedTime = Noon,
        StageTime = Noon,
        Outcome = null,
    };

    public static Observation Seen(Revision? selected, Revision[] serving, params RevisionObservation[] revisions) =>
        new([.. revisions], new FrontObservation(selected?.Name, serving.Select(static r => r.Name).ToImmutableHashSet()));

    public static RevisionObservation Pods(Revision revision, int ready, int desired = 1, Failure? failure = null) =>
        new(revision, desired, ready, failure);

    public static TrafficSplit Split(Revision stable, Revision candidate, int weight, int copies = 0) =>
        TrafficSplit.Of(new Share(stable.Name, 100 - weight), new Share(candidate.Name, weight)).Copying(candidate.Name, copies);

    /// <summary>A candidate in the middle of its steps.</summary>
    public static RolloutState AtStep(int step, Stage stage, RolloutPlan plan, int weight = 0, int shadow = 0) => During(stage, A, B) with
    {
        Step = step,
        StepTime = stage is Stage.Scaling or Stage.Shifting ? null : Noon,
        Weight = weight,
        Shadow = shadow,
        StepsHash = StepList.Fingerprint(plan.Steps),
        StableReplicas = plan.MinReplicas,
    };

    /// <summary>Both revisions Ready, users at A, and a split that A's pods report.</summary>
    public static Observation Sharing(TrafficSplit? split, int stable = 1, int candidate = 1, params GateVerdict[] verdicts) =>
        Seen(A, [A], Pods(A, stable, stable), Pods(B, candidate, candidate)) with { Split = split, Verdicts = [.. verdicts] };

    public static IEnumerable<string> Names(this Decision decision) => decision.Revisions.Select(static r => r.Revision.Name);
}
