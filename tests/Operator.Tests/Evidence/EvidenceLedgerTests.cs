using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Evidence;
using Sluice.Rollouts.Evidence;

namespace Sluice.Operator.Tests.Evidence;

public sealed class EvidenceLedgerTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly RunningStep Step = new(2, 1, Noon, "iris-a", "iris-b", 20);

    readonly EvidenceLedger ledger = new();

    [Fact]
    public void What_was_counted_before_the_step_is_left_out()
    {
        ledger.Add(Step, [Says("a-1", 1000, 500)]).Candidate.Failures.Should().Be(default(Tally));

        var seen = ledger.Add(Step, [Says("a-1", 1100, 520, failed: 3)]);

        seen.Stable.Failures.Should().Be(new Tally(0, 100));
        seen.Candidate.Failures.Should().Be(new Tally(3, 20));
        seen.Candidate.NotFinite.Of.Should().Be(17);
        seen.Candidate.Latencies.Total.Should().Be(20);
        seen.Incomplete.Should().BeNull();
    }

    [Fact]
    public void Another_step_begins_anew_for_both_revisions()
    {
        ledger.Add(Step, [Says("a-1", 0, 0)]);
        ledger.Add(Step, [Says("a-1", 900, 100)]);
        var next = Step with { Step = 2, Since = Noon.AddMinutes(5) };

        ledger.Add(next, [Says("a-1", 1000, 110)]).Stable.Failures.Of.Should().Be(0);
        var seen = ledger.Add(next, [Says("a-1", 1010, 115)]);

        (seen.Stable.Failures.Of, seen.Candidate.Failures.Of).Should().Be((10, 5));
    }

    [Fact]
    public void A_process_that_began_anew_adds_to_what_it_had_counted_before()
    {
        ledger.Add(Step, [Says("a-1", 0, 0)]);
        ledger.Add(Step, [Says("a-1", 900, 100, failed: 10)]);

        var seen = ledger.Add(Step, [Says("a-1", 30, 10, failed: 1, process: "second")]);

        seen.Stable.Failures.Of.Should().Be(930);
        seen.Candidate.Failures.Should().Be(new Tally(11, 110));
        ledger.Add(Step, [Says("a-1", 40, 10, failed: 1, process: "second")]).Stable.Failures.Of.Should().Be(940);
    }

    [Fact]
    public void A_pod_that_cannot_be_read_makes_it_incomplete_and_loses_nothing()
    {
        ledger.Add(Step, [Says("a-1", 0, 0), Says("a-2", 0, 0)]);

        var part = ledger.Add(Step, [Says("a-1", 50, 5), Silent("a-2")]);
        part.Incomplete.Should().Contain("1 of 2").And.Contain("a-2");
        part.Stable.Failures.Of.Should().Be(50);

        var whole = ledger.Add(Step, [Says("a-1", 60, 6), Says("a-2", 70, 7)]);
        whole.Incomplete.Should().BeNull();
        (whole.Stable.Failures.Of, whole.Candidate.Failures.Of).Should().Be((130, 13));
    }

    [Fact]
    public void A_pod_is_counted_from_its_start_when_that_was_within_the_step_and_else_from_when_it_was_first_read()
    {
        ledger.Add(Step, [Says("a-1", 0, 0)]);

        var seen = ledger.Add(Step, [Says("a-1", 10, 1), Says("a-new", 20, 2, started: Noon.AddSeconds(9)), Says("a-old", 9999, 999)]);

        seen.Stable.Failures.Of.Should().Be(30);
        ledger.Add(Step, [Says("a-1", 10, 1), Says("a-old", 10009, 1000)]).Stable.Failures.Of.Should().Be(40, "and what a pod counted stays when it goes");
    }

    [Fact]
    public void Nobody_to_read_is_no_evidence() => ledger.Add(Step, []).Incomplete.Should().Contain("no Ready pod");

    [Fact]
    public void In_a_shadow_the_copies_are_the_candidates_requests_and_dropped_ones_void_the_sample()
    {
        var shadow = Step with { Weight = 0 };
        ledger.Add(shadow, [Says("a-1", 0, 0)]);

        var seen = ledger.Add(shadow, [Says("a-1", 100, 0, copies: 90, different: 9, dropped: 5)]);

        seen.Candidate.Failures.Of.Should().Be(90);
        seen.Agreement!.Different.Should().Be(new Tally(9, 90));
        seen.Agreement.Outputs["label"].Should().Be(new Tally(9, 90));
        seen.Incomplete.Should().BeNull();
        ledger.Add(shadow, [Says("a-1", 200, 0, copies: 100, different: 9, dropped: 50)]).Incomplete.Should().Contain("50 of 150 copies");
    }

    [Fact]
    public void Answers_of_another_pod_of_stable_are_the_floor_and_comparisons_are_those_of_this_step()
    {
        var shadow = Step with { Weight = 0 };
        ledger.Add(shadow, [Says("a-1", 0, 0, copies: 1000, floor: 50)]).Agreement.Should().BeNull();
        ledger.Comparisons.Should().Be(0);

        var seen = ledger.Add(shadow, [Says("a-1", 100, 0, copies: 1090, different: 9, floor: 59, floorDifferent: 2)]);

        seen.Agreement.Should().BeEquivalentTo(new { Different = new Tally(9, 90), Floor = new Tally(2, 9) });
        seen.Agreement!.FloorOutputs["label"].Should().Be(new Tally(2, 9));
        ledger.Comparisons.Should().Be(90);
        ledger.Add(shadow, [Silent("a-1")]);
        ledger.Comparisons.Should().Be(90, "a pod that cannot be asked keeps what it had");
    }

    [Fact]
    public void The_way_to_another_pod_is_measured_in_the_shadow_and_known_until_the_attempt_ends()
    {
        var shadow = Step with { Step = 0, Weight = 0 };
        ledger.Add(shadow, [Says("a-1", 500, 0)]).Way.Should().BeNull();
        Measured(ledger.Add(shadow, [Says("a-1", 600, 0, copies: 40, floor: 10)])).Should().Be((100, 10));

        ledger.Add(Step, [Says("a-1", 700, 0, copies: 40, floor: 10)]);
        Measured(ledger.Add(Step, [Says("a-1", 900, 50, copies: 40, floor: 10)])).Should().Be((100, 10));

        ledger.Add(Step with { Attempt = Step.Attempt + 1 }, [Says("a-1", 900, 50, floor: 10)]).Way.Should().BeNull("it is another attempt's");
        static (long Direct, long Passed) Measured(StepEvidence seen) => (seen.Way!.Direct.Total, seen.Way.Passed.Total);
    }

    [Fact]
    public void Counters_that_fall_without_a_new_process_take_nothing_away()
    {
        ledger.Add(Step, [Says("a-1", 1000, 500)]);
        ledger.Add(Step, [Says("a-1", 1100, 520)]);

        ledger.Add(Step, [Says("a-1", 3, 2)]).Candidate.Failures.Should().Be(new Tally(0, 20));
    }

    internal static PodEvidence Says(
        string pod, long stable, long drawn, long failed = 0, long copies = 0, long different = 0, long dropped = 0, string process = "first", DateTimeOffset? started = null,
        long floor = 0, long floorDifferent = 0) =>
        new(Pod(pod, started), Document(stable, drawn, failed, copies, different, dropped, process, floor, floorDifferent));

    internal static EvidenceDocument Document(long stable, long drawn, long failed, long copies, long different, long dropped, string process, long floor = 0, long floorDifferent = 0) => new()
    {
        Process = process,
        Generation = 7,
        Revisions =
        [
            Of("iris-a", Requests(stable, 0), Requests(floor, 0), floor, floorDifferent, 0),
            Of("iris-b", Requests(drawn, failed), Requests(copies, 0), copies, different, dropped),
        ],
    };

    static PodEvidence Silent(string pod) => new(Pod(pod, null), null);

    static Pod Pod(string name, DateTimeOffset? started) => new()
    {
        Metadata = new ObjectMeta { Name = name, Uid = "uid-" + name },
        Status = new PodStatus { StartTime = started ?? Noon.AddHours(-1) },
    };

    static RevisionCounts Of(string revision, RequestCounts drawn, RequestCounts copied, long pairs, long different, long dropped) => new()
    {
        Revision = revision,
        Drawn = drawn,
        Copied = copied,
        Dropped = dropped,
        Compared = new ComparedCounts
        {
            Pairs = pairs,
            Different = different,
            Unread = 0,
            Outputs = [new OutputCounts { Name = "label", Pairs = pairs, Different = different, Shape = 0, Flips = [], Distances = [] }],
        },
    };

    static RequestCounts Requests(long count, long failed) =>
        new() { Requests = count, Failures = failed, NotFinite = 0, Latencies = count == 0 ? [] : [300, count - failed, 400, failed] };
}
