using Sluice.Operator.Api;
using Sluice.Operator.Monitoring;
using static Sluice.Operator.Tests.Monitoring.Samples;

namespace Sluice.Operator.Tests.Monitoring;

/// <summary>What can be said of drift and accuracy, and when it is told anew.</summary>
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

    [Theory]
    [InlineData(1000, 0.889, 0.94, true, "AccuracyBelowExpected")]
    [InlineData(1000, 0.895, 0.94, false, "AccuracyAsExpected")]
    [InlineData(60, 0.85, 0.94, false, "AccuracyAsExpected")] // chance does that once in a hundred
    [InlineData(60, 0.70, 0.94, true, "AccuracyBelowExpected")]
    [InlineData(60, 0.90, 1.0, true, "AccuracyBelowExpected")]
    [InlineData(49, 0.10, 0.94, null, "TooFewLabels")]
    public void A_fall_counts_when_it_is_too_far_and_no_chance(int rows, double accuracy, double expected, bool? dropped, string reason)
    {
        var finding = Accuracy(Labelled(rows, accuracy), expected.ToString());

        (finding.Dropped, finding.Reason).Should().Be((dropped, reason));
    }

    [Fact]
    public void How_far_it_may_fall_is_set()
    {
        var labels = Labelled(1000, 0.85);

        Accuracy(labels, "0.94", new FeedbackSpec { MaxDrop = 0.08 }).Dropped.Should().BeTrue();
        Accuracy(labels, "0.94", new FeedbackSpec { MaxDrop = 0.1 }).Dropped.Should().BeFalse();
        var dropped = Accuracy(labels, "0.94");
        dropped.Describe(new FeedbackSpec(), dropped.Seen).Should().Be("85.0 % of 1000 labelled answers were right; the ModelVersion states 94.0 %, and a fall of 0.05 is allowed.");
    }

    [Theory]
    [InlineData(null, "states no accuracy")]
    [InlineData("94%", "'94%', which is no number from 0 to 1")]
    [InlineData("94", "which is no number from 0 to 1")]
    public void Without_a_figure_to_hold_it_against_nothing_is_judged(string? stated, string why)
    {
        var finding = Accuracy(Labelled(1000, 0.5), stated);

        (finding.Dropped, finding.Reason, finding.Seen!.Accuracy).Should().Be((null, "NoExpectation", 0.5));
        finding.Describe(new FeedbackSpec(), finding.Seen).Should().Contain(why);
    }

    [Fact]
    public void An_accuracy_that_wavers_is_told_anew_only_now_and_then()
    {
        var first = Accuracy(Labelled(1000, 0.93), "0.94").Seen;

        Accuracy(Labelled(1000, 0.935), "0.94").Refreshed(first, sameVerdict: true).Should().BeSameAs(first);
        Accuracy(Labelled(1000, 0.90), "0.94").Refreshed(first, sameVerdict: true)!.Accuracy.Should().Be(0.90);
        Accuracy(Labelled(1000, 0.935), "0.94").Refreshed(first, sameVerdict: false)!.Accuracy.Should().Be(0.935);
        Accuracy(Labelled(1000, 0.935), "0.94", now: Noon.AddMinutes(11)).Refreshed(first, sameVerdict: true)!.Accuracy.Should().Be(0.935);
    }

    [Theory]
    [InlineData(0, 10, 0.5, 0.0009765625)]
    [InlineData(5, 10, 0.5, 0.623046875)]
    [InlineData(10, 10, 0.5, 1)]
    [InlineData(850, 1000, 0.94, 1.5915077663583702e-24)]
    [InlineData(940, 1000, 0.94, 0.5187686295193246)]
    [InlineData(9, 10, 1.0, 0)]
    public void Chances_of_counts_are_those_of_the_binomial_law(long hits, long all, double chance, double expected) =>
        Binomial.AtMost(hits, all, chance).Should().BeApproximately(expected, expected * 1e-9);

    static AccuracyFinding Accuracy(Contract.MonitorDocument labels, string? stated, FeedbackSpec? spec = null, DateTimeOffset? now = null) =>
        AccuracyFinding.Of(spec ?? new FeedbackSpec(), Watched(new PodMonitor("a", labels, null)), new ModelVersion
        {
            Metadata = new() { Name = "iris-2" },
            Spec = new()
            {
                Model = "iris", Version = "2", Format = new ModelFormat { Name = "onnx" }, StorageUri = "https://m/a.onnx",
                Metrics = stated is null ? null : new Dictionary<string, string> { ["accuracy"] = stated },
            },
        }, now ?? Noon);

    static WatchedRevision Watched(params PodMonitor[] pods) => WatchedRevision.Of("iris-a", pods, 0);
}
