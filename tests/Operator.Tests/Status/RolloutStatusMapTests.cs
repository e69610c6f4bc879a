using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Operator.Api;
using Sluice.Operator.Status;
using Sluice.Rollouts;

namespace Sluice.Operator.Tests.Status;

public sealed class RolloutStatusMapTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_remembered_survives_status() =>
        Prop.ForAll(States.ToArbitrary(), static state =>
        {
            var decision = new Decision(state, null, null, null, [], "x", null, false, []);
            var seen = new Observation([], FrontObservation.None);
            var status = new InferenceServiceStatus
            {
                Stable = RolloutStatusMap.ToStatus(state.Stable, seen),
                Candidate = RolloutStatusMap.ToStatus(state.Candidate, seen),
                Rollout = RolloutStatusMap.ToStatus(decision, seen),
                History = RolloutStatusMap.ToStatus(state.History),
            };
            var json = JsonSerializer.Serialize(status, ApiJson.Default.InferenceServiceStatus);
            var back = RolloutStatusMap.ToState(JsonSerializer.Deserialize(json, ApiJson.Default.InferenceServiceStatus));

            return (back with { History = [], Blocked = [] }) == (state with { History = [], Blocked = [] })
                && back.Blocked.SequenceEqual(state.Blocked)
                && back.History.Select(static h => (h.Attempt, h.Revision.Name, h.Outcome, h.FinishedTime))
                    .SequenceEqual(state.History.Select(static h => (h.Attempt, h.Revision.Name, h.Outcome, h.FinishedTime)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Words_of_a_later_operator_are_no_reason_to_fail()
    {
        var status = new InferenceServiceStatus { Rollout = new RolloutStatus { Stage = "Levitating", Outcome = "Exalted", Attempt = 3 } };

        RolloutStatusMap.ToState(status).Should().BeEquivalentTo(RolloutState.Empty with { Attempt = 3 });
    }

    static Gen<RolloutState> States =>
        from stable in Revisions
        from candidate in Revisions
        from attempt in Gen.Choose(0, 99)
        from stage in Gen.Elements(Enum.GetValues<Stage>().Select(static s => (Stage?)s).Append(null).ToArray())
        from outcome in Gen.Elements(Enum.GetValues<RolloutOutcome>().Select(static o => (RolloutOutcome?)o).Append(null).ToArray())
        from step in Gen.Elements<int?>(null, 0, 3)
        from weight in Gen.Choose(0, 100)
        from replicas in Gen.Choose(0, 5)
        from flag in Gen.Elements(true, false)
        from seconds in Gen.Choose(0, 9999)
        from ended in Gen.Choose(0, 3)
        let time = Start.AddSeconds(seconds)
        select new RolloutState(stable, candidate, attempt, stage, stage is null ? null : time, time, outcome,
            [.. Enumerable.Range(0, ended).Select(i => new FinishedAttempt(i, new Revision($"r{i}", $"v{i}", "", $"d{i}"), RolloutOutcome.Promoted, time, time, "m"))])
        {
            Step = step,
            StepTime = step is null ? null : time,
            Weight = candidate is null ? 0 : weight,
            Shadow = weight / 2,
            LackingTime = flag ? time : null,
            StableReplicas = replicas,
            StepsHash = flag ? "abc" : null,
            Direct = flag,
            Leaving = flag ? new Leaving(RolloutOutcome.RolledBack, "GateFailed", "it failed.") : null,
            Soak = stable is null || flag ? null : new Soak(stable, time, replicas + 1),
            Blocked = [.. Enumerable.Range(0, ended).Select(static i => $"sha256:{i}")],
            Retry = flag ? "2" : null,
        };

    static Gen<Revision?> Revisions => Gen.Elements(
        null,
        new Revision("iris-abc", "iris-2", "https://m/x", "sha256:00"),
        new Revision("iris-def", "iris-def", "pvc://m/x", "iris-def"));
}
