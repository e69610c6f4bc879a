using Sluice.Operator.Monitoring;
using static Sluice.Operator.Tests.Monitoring.Samples;

namespace Sluice.Operator.Tests.Monitoring;

/// <summary>What can be said of drift, and when it is told anew.</summary>
public sealed class FindingTests
{
    static readonly Baseline Even = Baseline(500, 500, 500, 500);

    [Fact]
    public void Drift_names_what_moved_and_by_how_much()
    {
        var drift = DriftFinding.Of(Watched(Pod("a", Even, 1, 100, 50, 30, 20))).Compared!;

        drift.Should().BeEquivalentTo(new { Drifted = true, Rows = 200L, Pods = 1, Share = 1.0, WindowStart = Noon, WindowEnd = Noon.AddMinutes(1) });
        var expected = Even.Compare(MergedWindow.Of([Pod("a", Even, 1, 100, 50, 30, 20)])!.Profiles[0].Window).Features.Single();
        drift.Scores.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Feature = "x", Method = "jensen_shannon", Score = Math.Round(expected.Score, 6), Threshold = Math.Round(expected.Threshold, 6), Prediction = (bool?)null });
        DriftFinding.Describe(drift).Should().StartWith($"Moved from the baseline: x jensen_shannon {expected.Score:0.###} (threshold ").And.EndWith("100 % of the features, in 200 rows of 1 pod.");
    }

    [Theory]
    [InlineData(null, null, 0, "NotWatched")]
    [InlineData(null, null, 1, "NoBaseline")]
    [InlineData(null, 20L, 1, "LearningBaseline")]
    [InlineData(1000L, null, 1, "WindowOpen")]
    public void What_is_lacking_is_said(long? baseline, long? missing, int pods, string reason)
    {
        var document = Labelled(0, 0) with { BaselineRows = baseline, RowsToLearn = missing };

        var finding = DriftFinding.Of(Watched([.. Enumerable.Repeat(new PodMonitor("a", document, null), pods)]));

        finding.Reason.Should().Be(reason);
        finding.Compared.Should().BeNull();
        finding.Message.Should().NotBeEmpty();
    }

    [Fact]
    public void A_verdict_that_stays_is_told_anew_only_now_and_then()
    {
        DriftFinding At(double minutes, params long[] cells) => DriftFinding.Of(Watched(Pod("a", Even, minutes, cells)));
        var first = At(1, 50, 50, 50, 50).Refreshed(null)!;

        At(5, 51, 50, 50, 50).Refreshed(first).Should().BeSameAs(first);
        At(12, 51, 50, 50, 50).Refreshed(first)!.Rows.Should().Be(201);
        var moved = At(2, 100, 50, 30, 20).Refreshed(first)!;
        moved.Drifted.Should().BeTrue();
        At(2.5, 110, 50, 30, 20).Refreshed(moved).Should().BeSameAs(moved);
        At(3.5, 110, 50, 30, 20).Refreshed(moved)!.Rows.Should().Be(210);
        At(3.6, 50, 50, 50, 50).Refreshed(moved)!.Drifted.Should().BeFalse();
        DriftFinding.Of(null).Refreshed(moved).Should().BeNull("what nobody says any more is not told");
    }

    static WatchedRevision Watched(params PodMonitor[] pods) => WatchedRevision.Of("iris-a", pods, 0);
}
