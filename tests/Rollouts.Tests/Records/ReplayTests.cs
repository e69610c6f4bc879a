using Sluice.Rollouts.Evidence;
using Sluice.Rollouts.Records;
using Sluice.Rollouts.Tests.Gates;

namespace Sluice.Rollouts.Tests.Records;

public sealed class ReplayTests
{
    static readonly Setting Quick = new(
        [new Step(0, 50) { For = TimeSpan.FromSeconds(20) }, new Step(20) { For = TimeSpan.FromSeconds(20) }],
        [new ErrorRate("errors", null, 0.05), new Latency("latency", 0.9, null, 2), new Agreement("agreement", 0.9)]);

    public static TheoryData<double, RolloutOutcome> Ends => new() { { 0.001, RolloutOutcome.Promoted }, { 0.3, RolloutOutcome.RolledBack } };

    [Theory]
    [MemberData(nameof(Ends))]
    public void Every_decision_of_a_whole_attempt_comes_out_the_same_again(double errors, RolloutOutcome outcome)
    {
        var record = Record(errors, outcome);

        Replay.Of(record).Should().OnlyContain(static r => r.Differences.IsEmpty);
        record.Decisions[0].Decision.State.Stage.Should().Be(Stage.Warming);
        record.Decisions[^1].Decision.State.Outcome.Should().Be(outcome);
        record.Decisions.Should().Contain(static d => d.Judged != null && d.Judged.Evidence.Candidate.Failures.Of > 0);
        record.Decisions.Select(static d => d.Time).Should().BeInAscendingOrder();
        record.Decisions.Length.Should().BeLessThan(40, "waiting is not repeated");
        if (outcome is RolloutOutcome.Promoted)
            record.Decisions.Sum(static d => d.Times).Should().BeGreaterThan(40, "but counted");
    }

    [Fact]
    public void What_was_changed_afterwards_is_found()
    {
        var record = Record(0.3, RolloutOutcome.RolledBack);
        var index = record.Decisions.ToList().FindIndex(static d => d.Judged?.Findings.Any(static f => f.Verdict is Verdict.Fail) is true);
        var told = record.Decisions[index];
        var whitewashed = told with
        {
            Judged = told.Judged! with
            {
                Evidence = told.Judged.Evidence with { Candidate = told.Judged.Evidence.Candidate with { Failures = new Tally(0, 100) } },
            },
        };

        var again = Replay.Of(record with { Decisions = record.Decisions.SetItem(index, whitewashed) }).ElementAt(index);

        again.Differences.Should().Contain(static d => d.StartsWith("gate errors said Fail")).And.Contain(static d => d.StartsWith("the stage was RollingBack"));
    }

    [Fact]
    public void A_record_keeps_its_beginning_its_turns_and_its_end_within_its_bound()
    {
        var record = Record(0.001, RolloutOutcome.Promoted);
        var turns = record.Decisions.Count(static d => !d.Decision.Notes.IsEmpty);
        var (first, quiet) = (record.Decisions[0], record.Decisions.First(static d => d.Decision.Notes.IsEmpty));
        for (var i = 0; i < 500; i++)
        {
            // Another share each time, so that none repeats the one before.
            var other = quiet with { Decision = quiet.Decision with { Front = $"front-{i}" } };
            record = record.With(other, record.Asked[quiet.Asked]);
        }

        record.Decisions.Length.Should().Be(AttemptRecord.MostDecisions);
        record.Omitted.Should().BePositive();
        record.Decisions[0].Should().Be(first);
        record.Decisions.Count(static d => !d.Decision.Notes.IsEmpty).Should().Be(turns);
        record.Decisions[^1].Decision.Front.Should().Be("front-499");
    }

    [Fact]
    public void A_decision_belongs_to_the_attempt_that_it_ends_and_to_the_one_that_it_begins()
    {
        var serving = Given.Serving(Given.A);
        var under = serving with { Candidate = Given.B, Stage = Stage.RollingBack, Attempt = 4 };

        AttemptRecord.AttemptsOf(under, under with { Candidate = Given.C, Stage = Stage.Warming, Attempt = 5 }).Should().Equal(4, 5);
        AttemptRecord.AttemptsOf(serving, under).Should().Equal(4);
        AttemptRecord.AttemptsOf(serving, serving).Should().BeEmpty();
        AttemptRecord.AttemptsOf(RolloutState.Empty, RolloutState.Empty with { Candidate = Given.A, Stage = Stage.Warming, Attempt = 1 })
            .Should().BeEmpty("a first revision takes nobody's place");
    }

    static AttemptRecord Record(double errors, RolloutOutcome outcome)
    {
        AttemptRecord? record = null;
        var end = SimulatedRollout.Run(
            new SimulatedTraffic(3, 50, new Behaviour(), new Behaviour { Errors = errors }),
            Quick with
            {
                Decided = (decision, asked) =>
                {
                    if (AttemptRecord.AttemptsOf(decision.State, decision.Decision.State).Contains(2))
                        record = record is null ? AttemptRecord.Begin(decision, asked) : record.With(decision, asked);
                },
            });
        end.Outcome.Should().Be(outcome, end.Why);
        return record!;
    }
}
