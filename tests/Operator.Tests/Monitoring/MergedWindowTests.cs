using Sluice.Monitoring.Profiles;
using Sluice.Operator.Monitoring;
using static Sluice.Operator.Tests.Monitoring.Samples;

namespace Sluice.Operator.Tests.Monitoring;

/// <summary>What several pods saw is judged as if one had seen it.</summary>
public sealed class MergedWindowTests
{
    static readonly Baseline Even = Baseline(500, 500, 500, 500);

    [Fact]
    public void Windows_of_several_pods_are_one_window_of_all_their_rows()
    {
        var merged = MergedWindow.Of([Pod("a", Even, 1, 30, 10, 10, 10), Pod("b", Even, 1.5, 5, 25, 20, 10)])!;

        merged.Should().BeEquivalentTo(new { Rows = 120L, Pods = 2, Start = Noon, End = Noon.AddMinutes(1.5) });
        merged.Profiles.Single().Window.Features.Single().Should().BeOfType<NumberProfile>().Which.Counts.Should().Equal(0, 35, 35, 30, 20, 0);
        merged.Report.Should().BeEquivalentTo(Even.Compare(Profile(35, 35, 30, 20).ToProfile()));
    }

    [Fact]
    public void What_no_pod_sees_alone_is_found_together()
    {
        var pods = Enumerable.Range(0, 10).Select(static i => Pod($"p{i}", Even, 1, 26, 14, 10, 10)).ToArray();

        MergedWindow.Of(pods.Take(1))!.Report.IsDrifted.Should().BeFalse();
        MergedWindow.Of(pods)!.Report.IsDrifted.Should().BeTrue();
    }

    [Fact]
    public void A_window_that_had_ended_before_the_latest_began_is_left_out()
    {
        var merged = MergedWindow.Of([Pod("idle", Even, -59, 1000, 0, 0, 0), Pod("busy", Even, 1, 15, 15, 15, 15)])!;

        merged.Should().BeEquivalentTo(new { Rows = 60L, Pods = 1 });
        merged.Report.IsDrifted.Should().BeFalse();
    }

    [Fact]
    public void Pods_that_learnt_baselines_of_their_own_are_judged_apart()
    {
        var high = Baseline(0, 0, 1000, 1000);

        var merged = MergedWindow.Of([Pod("a", Even, 1, 50, 50, 50, 50), Pod("b", high, 1, 0, 0, 100, 100)])!;
        merged.Should().BeEquivalentTo(new { Rows = 400L, Pods = 2 });
        merged.Report.IsDrifted.Should().BeFalse();

        var moved = MergedWindow.Of([Pod("a", Even, 1, 50, 50, 50, 50), Pod("b", high, 1, 100, 100, 0, 0)])!.Report;
        moved.Features.Should().ContainSingle(static s => s.Feature == "x").Which.IsDrifted.Should().BeTrue();
        moved.DriftedShare.Should().Be(1);
    }

    [Fact]
    public void Without_a_closed_window_or_a_baseline_there_is_none()
    {
        MergedWindow.Of([]).Should().BeNull();
        MergedWindow.Of([new PodMonitor("a", Labelled(10, 1), Even), Pod("b", null, 1, 50, 50, 50, 50)]).Should().BeNull();
    }

    [Fact]
    public void A_window_that_was_not_recorded_for_the_baseline_is_a_problem_and_no_verdict()
    {
        var watched = WatchedRevision.Of("iris-a", [Pod("a", Even, 1, 20, 20, 20, 20), Pod("b", Even, 1, 20, 20, 20, 20, 20)], 0);

        watched.Window.Should().BeNull();
        watched.Problem.Should().Contain("baseline");
    }

    [Fact]
    public void Labels_of_all_pods_count()
    {
        var watched = WatchedRevision.Of("iris-a", [new PodMonitor("a", Labelled(200, 0.95), null), new PodMonitor("b", Labelled(100, 0.8), null), Pod("c", Even, 1, 50, 50, 50, 50)], 1);

        watched.Labels.Should().Be(new LabelledRows(270, 300));
        watched.Labels.Accuracy.Should().Be(0.9);
    }
}
