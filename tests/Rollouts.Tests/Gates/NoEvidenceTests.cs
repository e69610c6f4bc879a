using System.Collections.Immutable;
using Sluice.Rollouts.Evidence;

namespace Sluice.Rollouts.Tests.Gates;

/// <summary>Whatever is missing, under whatever strategy: held with the reason, never promoted, and free to go back.</summary>
public sealed class NoEvidenceTests
{
    static readonly Dictionary<string, ImmutableArray<Step>> Strategies = new()
    {
        ["Canary"] = StepList.Canary([]),
        ["BlueGreen"] = StepList.BlueGreen([]),
        ["Shadow"] = StepList.Shadow([]),
        ["ABTest"] = StepList.ABTest([]),
    };

    static readonly Dictionary<string, Absence> Absences = new()
    {
        ["NaN"] = new(50, static e => e with { Queries = e.Queries.Add("query", double.NaN), Drift = new DriftEvidence(double.NaN, 1000) }, "no number"),
        ["empty"] = new(50, static _ => new StepEvidence(), "no requests of the candidate"),
        ["no traffic"] = new(0, static e => e, "no requests of the candidate"),
        ["metrics unreachable"] = new(50, static _ => new StepEvidence { Incomplete = "no pod of stable can be read" }, "no pod of stable can be read"),
        ["stale"] = new(50, static e => Whole(e) with { Incomplete = "the counts are 40 seconds old" }, "40 seconds old"),
        ["one pod unreadable"] = new(50, static e => Whole(e) with { Incomplete = "pod a-2 cannot be read" }, "pod a-2 cannot be read"),
        ["Prometheus down"] = new(50, static e => e, "no number"),
    };

    public static TheoryData<string, string> Matrix()
    {
        var data = new TheoryData<string, string>();
        foreach (var strategy in Strategies.Keys)
        {
            foreach (var absence in Absences.Keys)
                data.Add(strategy, absence);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Without_evidence_nothing_is_promoted_and_everything_can_go_back(string strategy, string absence)
    {
        var missing = Absences[absence];
        // The query is asked first, so that its lack is what the status names where the rest is there.
        var setting = new Setting(Strategies[strategy], [new PromQuery("query", 1, null), new ErrorRate("errors", 0.05, null)])
        {
            Way = missing.Way,
            Longest = TimeSpan.FromHours(3),
            Look = TimeSpan.FromSeconds(10),
        };
        if (missing.Reason != "no number")
            setting = setting with { Gates = [.. setting.Gates.Reverse()] };

        var held = SimulatedRollout.Run(Traffic(missing.Rate), setting);
        var aborted = SimulatedRollout.Run(Traffic(missing.Rate), setting with { AbortAt = TimeSpan.FromHours(2) });

        held.Outcome.Should().BeNull();
        held.NextAction.Should().Contain("is undecided on step 0").And.Contain(missing.Reason);
        aborted.Outcome.Should().Be(RolloutOutcome.Aborted);
    }

    [Fact]
    public void With_all_of_it_the_same_gates_let_every_strategy_end()
    {
        foreach (var (name, steps) in Strategies)
        {
            var setting = new Setting(steps, [new PromQuery("query", 1, null), new ErrorRate("errors", 0.05, null)])
            {
                Way = Whole,
                Longest = TimeSpan.FromHours(3),
                Look = TimeSpan.FromSeconds(10),
            };
            SimulatedRollout.Run(Traffic(50), setting).Outcome.Should().Be(RolloutOutcome.Promoted, name);
        }
    }

    static SimulatedTraffic Traffic(int rate) => new(1, rate, new Behaviour(), new Behaviour());

    static StepEvidence Whole(StepEvidence evidence) => evidence with { Queries = evidence.Queries.Add("query", 2) };

    sealed record Absence(int Rate, Func<StepEvidence, StepEvidence> Way, string Reason);
}
