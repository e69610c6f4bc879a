using System.Collections.Immutable;
using Sluice.Rollouts.Evidence;

namespace Sluice.Rollouts.Tests.Gates;

public sealed class GateTests
{
    static readonly Terms Last = new(0.001, 1, TimeSpan.FromMinutes(5), Copies: true);

    [Theory]
    [InlineData(0, 5000, Verdict.Pass)]
    [InlineData(500, 5000, Verdict.Fail)]
    [InlineData(60, 5000, Verdict.Undecided)]
    [InlineData(15, 15, Verdict.Undecided)]
    public void A_share_of_errors_is_held_against_an_absolute_bound(int failed, int of, Verdict expected) =>
        new ErrorRate("errors", 0.01, null).Judge(Candidate(new Tally(failed, of)), Last).Verdict.Should().Be(expected);

    [Fact]
    public void Errors_that_stable_has_too_are_not_held_against_the_candidate()
    {
        var seen = Candidate(new Tally(600, 20000)) with { Stable = new RevisionEvidence { Failures = new Tally(3000, 100000) } };

        new ErrorRate("errors", null, 0.01).Judge(seen, Last).Verdict.Should().Be(Verdict.Pass);
        new ErrorRate("errors", 0.01, null).Judge(seen, Last).Verdict.Should().Be(Verdict.Fail);
        new ErrorRate("errors", 0.01, 0.01).Judge(seen, Last).Verdict.Should().Be(Verdict.Fail, "both bounds must hold");
    }

    [Fact]
    public void A_relative_bound_is_undecided_where_stable_has_no_requests_and_says_what_to_do()
    {
        var finding = new ErrorRate("errors", null, 0.01).Judge(Candidate(new Tally(0, 90000)), Last);

        finding.Verdict.Should().Be(Verdict.Undecided);
        finding.Message.Should().Contain("an absolute bound needs none");
    }

    [Fact]
    public void What_comes_next_decides_how_much_proof_a_step_needs_and_a_failure_needs_the_same_on_all()
    {
        var seen = Candidate(new Tally(0, 400));
        var gate = new ErrorRate("errors", 0.01, null);

        gate.Judge(seen, Last with { NextShare = 0.25 }).Verdict.Should().Be(Verdict.Pass);
        gate.Judge(seen, Last).Verdict.Should().Be(Verdict.Undecided);
        gate.Judge(Candidate(new Tally(30, 400)), Last with { NextShare = 0.05 }).Verdict.Should().Be(Verdict.Fail);
    }

    [Fact]
    public void One_answer_with_NaN_is_too_much_where_none_is_allowed()
    {
        var gate = new NanRate("finite", 0);

        gate.Judge(new StepEvidence { Candidate = new RevisionEvidence { NotFinite = new Tally(1, 100) } }, Last).Verdict.Should().Be(Verdict.Fail);
        gate.Judge(new StepEvidence { Candidate = new RevisionEvidence { NotFinite = new Tally(0, 9000) } }, Last).Verdict.Should().Be(Verdict.Pass);
    }

    [Fact]
    public void Latency_is_held_against_stables_and_against_a_bound()
    {
        var (fast, slow) = (Spread(0.01, 20000), Spread(0.03, 20000));
        StepEvidence Seen(Latencies candidate) => new()
        {
            Candidate = new RevisionEvidence { Latencies = candidate },
            Stable = new RevisionEvidence { Latencies = fast },
        };

        var relative = new Latency("tail", 0.95, null, 1.5);
        var absolute = new Latency("tail", 0.95, 0.02, null);
        foreach (var gate in new[] { relative, absolute, new Latency("tail", 0.95, 0.02, 1.5) })
        {
            gate.Judge(Seen(fast), Last).Verdict.Should().Be(Verdict.Pass);
            gate.Judge(Seen(slow), Last).Verdict.Should().Be(Verdict.Fail);
            gate.Judge(Seen(Spread(0.01, 30)), Last).Verdict.Should().Be(Verdict.Undecided);
        }

        relative.Judge(Seen(slow), Last).Message.Should().Contain("p95 of 20000").And.Contain("of stable");
    }

    [Fact]
    public void What_the_way_takes_is_not_held_against_the_candidate_once_copies_have_shown_it()
    {
        StepEvidence Seen(WayEvidence? way) => new()
        {
            Candidate = new RevisionEvidence { Latencies = Spread(0.03, 20000) },
            Stable = new RevisionEvidence { Latencies = Spread(0.01, 20000) },
            Way = way,
        };
        var gate = new Latency("tail", 0.95, null, 1.5);

        gate.Judge(Seen(null), Last).Verdict.Should().Be(Verdict.Fail);
        gate.Judge(Seen(new WayEvidence(Spread(0.01, 900), Spread(0.03, 900))), Last).Verdict.Should().Be(Verdict.Pass, "another pod of stable is as far away");
        gate.Judge(Seen(new WayEvidence(Spread(0.01, 900), Spread(0.01, 900))), Last).Verdict.Should().Be(Verdict.Fail, "the way is short");
        var few = Seen(new WayEvidence(Spread(0.01, 900), Spread(0.03, 90)));
        gate.Judge(few, Last).Should().BeEquivalentTo(new { Verdict = Verdict.Undecided, Samples = 20000L });
        gate.Judge(few, Last with { Copies = false }).Verdict.Should().Be(Verdict.Fail, "there will be no more of them");
    }

    [Fact]
    public void The_first_place_of_stables_quantile_counts_as_well_as_the_last()
    {
        ImmutableArray<double> bounds = [0.001, 0.002];
        var (low, high) = (new Latencies(bounds, [5000, 0, 0]), new Latencies(bounds, [0, 0, 5000]));

        new LatencyRatio(high, low, 1, 0).IsAbove(0.9, 0.001).Should().BeTrue();
        new LatencyRatio(low, high, 1, 0).IsWithin(0.9, 0.9, 0.001).Should().BeTrue();
        new LatencyRatio(high, high, 1, 0).IsAbove(0.9, 0.001).Should().BeFalse("above all bounds nothing is known");
        new LatencyRatio(low, low, 1, 0).IsWithin(0.9, 0.9, 0.001).Should().BeFalse("stable may lie at the bottom of the bucket");
    }

    [Fact]
    public void Agreement_is_held_against_what_differs_between_pods_of_stable()
    {
        StepEvidence Seen(Tally floor) => new() { Agreement = new AgreementEvidence { Different = new Tally(800, 40000), Floor = floor } };
        var gate = new Agreement("same", 0.99);

        gate.Judge(Seen(new Tally(800, 40000)), Last).Verdict.Should().Be(Verdict.Pass);
        gate.Judge(Seen(new Tally(0, 4000)), Last).Verdict.Should().Be(Verdict.Fail);
        gate.Judge(Seen(default), Last).Should().BeEquivalentTo(new { Verdict = Verdict.Undecided, Samples = 40000L });
        gate.Judge(Seen(default), Last).Message.Should().Contain("no other pod of stable has answered a copy yet");
        (gate with { FloorPercent = 0 }).Judge(Seen(new Tally(800, 40000)), Last).Verdict.Should().Be(Verdict.Fail, "nobody wants a floor");
    }

    [Fact]
    public void Agreement_looks_at_one_output_when_asked_and_only_where_there_are_copies()
    {
        var seen = new StepEvidence
        {
            Agreement = new AgreementEvidence
            {
                Different = new Tally(900, 1000),
                Outputs = ImmutableDictionary<string, Tally>.Empty.Add("label", new Tally(90, 9000)),
                Floor = new Tally(0, 1000),
                FloorOutputs = ImmutableDictionary<string, Tally>.Empty.Add("label", new Tally(45, 4500)),
            },
        };

        new Agreement("same", 0.99, "label").Judge(seen, Last).Verdict.Should().Be(Verdict.Pass);
        new Agreement("same", 0.99, "other").Judge(seen, Last).Message.Should().Contain("\"other\"");
        new Agreement("same", 0.99).Judge(new StepEvidence(), Last with { Copies = false, CopiedBefore = true }).Verdict.Should().Be(Verdict.Pass);
        new Agreement("same", 0.99).Judge(new StepEvidence(), Last with { Copies = false }).Message.Should().Contain("add a shadow step");
    }

    [Fact]
    public void Accuracy_is_judged_from_feedback_and_drift_and_queries_as_they_are()
    {
        var seen = new StepEvidence
        {
            Candidate = new RevisionEvidence { Right = new Tally(8000, 10000) },
            Stable = new RevisionEvidence { Right = new Tally(9500, 10000) },
            Drift = new DriftEvidence(0.3, 1000),
            Queries = ImmutableDictionary<string, double>.Empty.Add("revenue", 99),
        };

        new Accuracy("right", 0.75, null).Judge(seen, Last).Verdict.Should().Be(Verdict.Pass);
        new Accuracy("right", null, 0.05).Judge(seen, Last).Verdict.Should().Be(Verdict.Fail);
        new Accuracy("right", null, 0.05).Judge(new StepEvidence(), Last).Message.Should().Contain("no feedback");
        new Drift("drift", 0.1).Judge(seen, Last).Verdict.Should().Be(Verdict.Fail);
        new Drift("drift", 0.5).Judge(seen, Last).Verdict.Should().Be(Verdict.Pass);
        new Drift("drift", null, 0.1).Judge(seen, Last).Message.Should().Contain("stable has closed no window");
        var moved = seen with { StableDrift = new DriftEvidence(0.25, 2000) };
        new Drift("drift", null, 0.1).Judge(moved, Last).Verdict.Should().Be(Verdict.Pass, "the data moved for both");
        new Drift("drift", 0.2, 0.1).Judge(moved, Last).Verdict.Should().Be(Verdict.Fail, "both bounds must hold");
        new PromQuery("revenue", 100, null).Judge(seen, Last).Verdict.Should().Be(Verdict.Fail);
        new PromQuery("revenue", null, 100).Judge(seen, Last).Verdict.Should().Be(Verdict.Pass);
    }

    [Theory]
    [InlineData(false, Verdict.Undecided)]
    [InlineData(true, Verdict.Fail)]
    public void What_stays_undecided_for_too_long_is_held_or_goes_back_as_asked(bool back, Verdict expected)
    {
        var gate = new ErrorRate("errors", 0.01, null) { MaxDuration = TimeSpan.FromMinutes(5), RollBackWhenUndecided = back };

        gate.Judge(new StepEvidence(), Last with { Elapsed = TimeSpan.FromMinutes(4) }).Verdict.Should().Be(Verdict.Undecided);
        var finding = gate.Judge(new StepEvidence(), Last);
        finding.Verdict.Should().Be(expected);
        finding.Message.Should().Contain("5 minutes");
    }

    [Fact]
    public void What_is_missing_keeps_a_gate_from_passing_and_not_from_failing()
    {
        StepEvidence Part(long failed) => Candidate(new Tally(failed, 5000)) with { Incomplete = "pod a-1 cannot be read" };
        var gate = new ErrorRate("errors", 0.01, null);

        gate.Judge(Part(0), Last).Verdict.Should().Be(Verdict.Undecided);
        gate.Judge(Part(0), Last).Message.Should().Contain("pod a-1 cannot be read");
        gate.Judge(Part(2500), Last).Verdict.Should().Be(Verdict.Fail);
    }

    [Fact]
    public void The_budget_is_shared_by_all_gates_and_steps()
    {
        var steps = StepList.Canary([]);
        var terms = Enumerable.Range(0, steps.Length).Select(i => GateList.TermsOf(4, steps, i, TimeSpan.Zero)).ToArray();

        terms.Sum(static t => 4 * t.Alpha).Should().BeApproximately(GateList.ErrorBudget, 1e-12);
        terms.Select(static t => t.NextShare).Should().Equal(0.05, 0.25, 0.5, 1);
        terms.Select(static t => t.Copies).Should().Equal(true, false, false, false);
        terms.Select(static t => t.CopiedBefore).Should().Equal(false, true, true, true);
    }

    static StepEvidence Candidate(Tally failures) => new() { Candidate = new RevisionEvidence { Failures = failures } };

    /// <summary>Log-normal around a median, without chance.</summary>
    static Latencies Spread(double median, int count)
    {
        var counts = new long[SimulatedTraffic.Bounds.Length + 1];
        for (var i = 0; i < count; i++)
        {
            // The logistic distribution's quantiles, which need no table.
            var u = (i + 0.5) / count;
            var seconds = median * Math.Exp(0.2 * Math.Log(u / (1 - u)));
            counts[Math.Clamp((int)Math.Ceiling(Math.Log(seconds / SimulatedTraffic.Bounds[0]) / Math.Log(1.01)), 0, counts.Length - 1)]++;
        }

        return new Latencies(SimulatedTraffic.Bounds, [.. counts]);
    }
}
