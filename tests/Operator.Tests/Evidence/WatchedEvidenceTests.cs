using Sluice.Contract;
using Sluice.Monitoring.Drift;
using Sluice.Operator.Evidence;
using Sluice.Operator.Monitoring;
using Sluice.Rollouts.Evidence;
using DriftEvidence = Sluice.Rollouts.Evidence.DriftEvidence;

namespace Sluice.Operator.Tests.Evidence;

public sealed class WatchedEvidenceTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly RunningStep Step = new(2, 1, Noon, "iris-a", "iris-b", 20);

    readonly WatchedEvidence watched = new();

    [Fact]
    public void Labels_count_from_the_steps_beginning_on_and_pods_that_began_anew_from_nothing()
    {
        Add(Step, Labelled("b-1", 900, 1000)).Candidate.Right.Should().BeNull("all of that was told before");
        Add(Step, Labelled("b-1", 980, 1100)).Candidate.Right.Should().Be(new Tally(80, 100));
        Add(Step, Labelled("b-1", 9, 10)).Candidate.Right.Should().Be(new Tally(89, 110));
        Add(Step, Labelled("b-1", 9, 10), Labelled("b-2", 5000, 9000)).Candidate.Right.Should().Be(new Tally(89, 110));
        Add(Step with { Step = 2 }, Labelled("b-1", 9, 10)).Candidate.Right.Should().BeNull("another step begins anew");
    }

    [Fact]
    public void The_highest_score_of_a_window_that_was_closed_on_this_step_is_the_drift()
    {
        Drift(Window(Noon.AddSeconds(-1))).Should().BeNull();
        Drift(Window(Noon.AddSeconds(1))).Should().Be(new DriftEvidence(0.3, 1000));
    }

    [Fact]
    public void What_some_pods_do_not_tell_is_not_known_and_says_so()
    {
        var none = watched.AddTo(new StepEvidence(), Step, MonitorReading.None);
        none.Unwatched.Should().Contain("no pod of iris-b").And.Contain("predictor.monitoring");

        var part = watched.AddTo(
            new StepEvidence(), Step, new MonitorReading(null, new WatchedRevision("iris-b", [Labelled("b-1", 0, 9)], 1) { Window = Window(Noon.AddSeconds(1)) }));
        (part.Drift, part.Candidate.Right).Should().Be((null, null));
        part.Unwatched.Should().Contain("1 of 2 pods of iris-b");
    }

    DriftEvidence? Drift(MergedWindow window) =>
        watched.AddTo(new StepEvidence(), Step, new MonitorReading(null, new WatchedRevision("iris-b", [Labelled("b-1", 0, 0)], 0) { Window = window })).Drift;

    StepEvidence Add(RunningStep step, params PodMonitor[] pods) =>
        watched.AddTo(new StepEvidence(), step, new MonitorReading(null, WatchedRevision.Of("iris-b", pods, 0)));

    static MergedWindow Window(DateTimeOffset end) => new(
        1000, 1, end.AddMinutes(-1), end,
        new DriftReport(1000, [new DriftScore("length", DriftMethod.Psi, 0.1, 0.2)], [new DriftScore("label", DriftMethod.Psi, 0.3, 0.2)], 0, false), []);

    static PodMonitor Labelled(string pod, long right, long told) => new(
        pod,
        new MonitorDocument
        {
            Model = "iris", Version = "2", Revision = "iris-b", Unwatched = [],
            Feedback = new FeedbackDocument { Rows = 10, Accuracy = 0.5, ToldInAll = told, RightInAll = right, Joined = told, Given = 0, Unknown = 0, Late = 0, Duplicate = 0 },
        },
        null);
}
