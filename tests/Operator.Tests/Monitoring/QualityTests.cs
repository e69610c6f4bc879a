using Sluice.Contract;
using Sluice.Monitoring.Feedback;
using Sluice.Operator.Api;
using Sluice.Operator.Monitoring;
using static Sluice.Operator.Tests.Monitoring.Samples;

namespace Sluice.Operator.Tests.Monitoring;

/// <summary>What labels say of a model, against what its ModelVersion states.</summary>
public sealed class QualityTests
{
    [Theory]
    [InlineData(1000, 0.889, 0.94, true, "QualityBelowExpected")]
    [InlineData(1000, 0.895, 0.94, false, "QualityAsExpected")]
    [InlineData(60, 0.85, 0.94, false, "QualityAsExpected")] // chance does that once in a hundred
    [InlineData(60, 0.70, 0.94, true, "QualityBelowExpected")]
    [InlineData(60, 0.90, 1.0, true, "QualityBelowExpected")]
    [InlineData(49, 0.10, 0.94, null, "TooFewLabels")]
    public void A_fall_counts_when_it_is_too_far_and_no_chance(int rows, double accuracy, double expected, bool? dropped, string reason)
    {
        var finding = Find(Labelled(rows, accuracy), ("accuracy", $"{expected}"));

        (finding.Dropped, finding.Reason).Should().Be((dropped, reason));
    }

    [Theory]
    [InlineData("f1", "0.9", 0.05, true)]
    [InlineData("f1_macro", "0.9", 0.15, false)]
    [InlineData("brier", "0.2", 0.05, true)]
    [InlineData("brier_score", "0.2", 0.25, false)]
    [InlineData("mae", "2", 0.4, true)]
    [InlineData("mean_absolute_error", "2", 0.6, false)]
    public void F1_Brier_and_absolute_error_are_held_against_what_is_stated_too(string metric, string stated, double allowed, bool dropped)
    {
        var labels = Of(Measured(1000));

        var finding = Find(labels, new FeedbackSpec { MaxDrop = allowed, MaxErrorRise = allowed }, (metric, stated));

        (finding.Dropped, finding.Reason).Should().Be((dropped, dropped ? "QualityBelowExpected" : "QualityAsExpected"));
    }

    [Fact]
    public void The_figures_of_several_pods_are_those_of_all_their_labels()
    {
        var random = new Random(1);
        RollingQuality one = new(1000), other = new(1000), all = new(2000);
        for (var i = 0; i < 700; i++)
        {
            var truth = random.Next(3);
            long predicted = random.Next(4) == 0 ? random.Next(3) : truth;
            float[] scores = [random.NextSingle(), random.NextSingle(), random.NextSingle()];
            var (number, real) = (random.NextDouble(), random.NextDouble());
            foreach (var into in (RollingQuality[])[i % 3 == 0 ? one : other, all])
            {
                into.AddClass(predicted, scores, truth);
                if (i % 5 == 0)
                    into.AddNumber(number, real);
            }
        }

        var merged = MeasuredQuality.Of([Of(one.Measure()), Of(other.Measure())]);

        var expected = all.Measure();
        Value(QualityMetric.Accuracy).Should().BeApproximately(expected.Accuracy!.Value, 1e-12);
        Value(QualityMetric.F1).Should().BeApproximately(expected.F1!.Value, 1e-12);
        Value(QualityMetric.Brier).Should().BeApproximately(expected.Brier!.Value, 1e-12);
        Value(QualityMetric.AbsoluteError).Should().BeApproximately(expected.MeanAbsoluteError!.Value, 1e-12);
        merged.Single(static m => m.Metric == QualityMetric.AbsoluteError).Should().BeEquivalentTo(new { Rows = 140L });
        merged.Single(static m => m.Metric == QualityMetric.AbsoluteError).StandardError.Should().BeApproximately(expected.ErrorDeviation!.Value / Math.Sqrt(140), 1e-12);

        double Value(QualityMetric metric) => merged.Single(m => m.Metric == metric).Value;
    }

    [Fact]
    public void A_model_as_good_as_stated_is_hardly_ever_called_worse()
    {
        // With no fall allowed, chance alone is what a verdict rests on: 0.1 % of these are expected, and 4 would be rare.
        var random = new Random(7);
        var alarms = new Dictionary<string, int> { ["accuracy"] = 0, ["f1"] = 0, ["brier"] = 0, ["mae"] = 0 };
        var expected = Of(Sample(new RollingQuality(200_000), random, 200_000).Measure());
        (string, string)[] stated = [("accuracy", $"{expected.Accuracy}"), ("f1", $"{expected.F1}"), ("brier", $"{expected.Brier}"), ("mae", $"{expected.MeanAbsoluteError}")];
        for (var i = 0; i < 1000; i++)
        {
            var finding = Find(Of(Sample(new RollingQuality(400), random, 200).Measure()), new FeedbackSpec { MaxDrop = 0, MaxErrorRise = 0 }, stated);
            foreach (var figure in finding.Seen!.Figures.Where(static f => f.Dropped is true))
                alarms[figure.Metric]++;
        }

        alarms.Should().OnlyContain(static a => a.Value <= 6);
    }

    [Fact]
    public void How_far_it_may_fall_is_set_and_told()
    {
        var labels = Labelled(1000, 0.85);

        Find(labels, new FeedbackSpec { MaxDrop = 0.08 }, ("accuracy", "0.94")).Dropped.Should().BeTrue();
        Find(labels, new FeedbackSpec { MaxDrop = 0.1 }, ("accuracy", "0.94")).Dropped.Should().BeFalse();
        var dropped = Find(labels, ("accuracy", "0.94"));
        dropped.Describe(dropped.Seen).Should().Be("accuracy is 0.85 over 1000 labelled answers; the ModelVersion states 0.94, and 0.89 is the limit.");
        var worse = Find(Of(Measured(1000)), ("mae", "2"));
        worse.Describe(worse.Seen).Should().Be("mae is 3 over 1000 labelled answers; the ModelVersion states 2, and 2.1 is the limit.");
    }

    [Theory]
    [InlineData("loss", "0.1", "states no accuracy, f1, brier or mae")]
    [InlineData("accuracy", "94%", "the accuracy '94%', which is no number from 0 to 1")]
    [InlineData("accuracy", "94", "which is no number from 0 to 1")]
    [InlineData("brier", "2.5", "which is no number from 0 to 2")]
    [InlineData("mae", "-1", "the mae '-1', which is no number from 0 on")]
    public void Without_a_figure_to_hold_it_against_nothing_is_judged(string metric, string stated, string why)
    {
        var finding = Find(Labelled(1000, 0.5), (metric, stated));

        (finding.Dropped, finding.Reason, finding.Seen!.Figures[0].Value).Should().Be((null, "NoExpectation", 0.5));
        finding.Describe(finding.Seen).Should().Contain(why);
    }

    [Fact]
    public void A_figure_that_labels_do_not_give_is_not_judged()
    {
        Find(Labelled(1000, 0.5), ("mae", "2")).Reason.Should().Be("TooFewLabels");
        Find(Labelled(1000, 0.5), ("mae", "2"), ("accuracy", "0.5")).Reason.Should().Be("QualityAsExpected");
    }

    [Fact]
    public void Figures_that_waver_are_told_anew_only_now_and_then()
    {
        QualityFinding At(double accuracy, double minutes = 0, string stated = "0.94") => Find(Labelled(1000, accuracy), new FeedbackSpec(), Noon.AddMinutes(minutes), ("accuracy", stated));
        var first = At(0.93).Seen!;

        At(0.935).Refreshed(first).Should().BeSameAs(first);
        At(0.90).Refreshed(first)!.Figures[0].Value.Should().Be(0.90);
        At(0.935, stated: "0.95").Refreshed(first)!.Figures[0].Value.Should().Be(0.935);
        At(0.935, minutes: 11).Refreshed(first)!.Figures[0].Value.Should().Be(0.935);
        var near = At(0.891).Seen!;
        At(0.889).Refreshed(near)!.Figures[0].Dropped.Should().BeTrue("a verdict that changes is told at once");
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

    /// <summary>Three classes of which one is hard, and a number.</summary>
    static RollingQuality Sample(RollingQuality into, Random random, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            var truth = random.Next(10) switch { 0 => 2, < 4 => 1, _ => 0 };
            var predicted = random.Next(10) < (truth == 2 ? 5 : 9) ? truth : random.Next(3);
            var sure = 0.5f + (random.NextSingle() / 2);
            float[] scores = [(1 - sure) / 2, (1 - sure) / 2, (1 - sure) / 2];
            scores[predicted] = sure;
            into.AddClass(predicted, scores, truth);
            into.AddNumber(0, -Math.Log(1 - random.NextDouble()));
        }

        return into;
    }

    /// <summary>An F1 of 0.8, a Brier score of 0.4 and an absolute error of 3, not exactly, on so many rows.</summary>
    static Quality Measured(int rows) => new(rows, 0.8, 0.8, 0.4, 3)
    {
        ClassRows = rows,
        Classes = [new(0, (long)(rows * 0.4), rows), new(1, (long)(rows * 0.4), rows)],
        ScoredRows = rows, BrierDeviation = 0.3, NumberRows = rows, ErrorDeviation = 2,
    };

    static FeedbackDocument Of(Quality quality) => new()
    {
        Rows = quality.Rows, Accuracy = quality.Accuracy, F1 = quality.F1, Brier = quality.Brier, MeanAbsoluteError = quality.MeanAbsoluteError,
        ClassRows = quality.ClassRows, Classes = [.. quality.Classes.Select(static c => new ClassDocument { Label = c.Label, Right = c.Right, Seen = c.Seen })],
        ScoredRows = quality.ScoredRows, BrierDeviation = quality.BrierDeviation, NumberRows = quality.NumberRows, ErrorDeviation = quality.ErrorDeviation,
        Joined = quality.Rows, Given = 0, Unknown = 0, Late = 0, Duplicate = 0,
    };

    static QualityFinding Find(MonitorDocument labels, params (string, string)[] stated) => Find(labels, new FeedbackSpec(), Noon, stated);

    static QualityFinding Find(FeedbackDocument labels, params (string, string)[] stated) => Find(labels, new FeedbackSpec(), stated);

    static QualityFinding Find(FeedbackDocument labels, FeedbackSpec spec, params (string, string)[] stated) =>
        Find(Labelled(0, 0) with { Feedback = labels }, spec, Noon, stated);

    static QualityFinding Find(MonitorDocument labels, FeedbackSpec spec, params (string, string)[] stated) => Find(labels, spec, Noon, stated);

    static QualityFinding Find(MonitorDocument labels, FeedbackSpec spec, DateTimeOffset now, params (string Metric, string Stated)[] stated) =>
        QualityFinding.Of(spec, WatchedRevision.Of("iris-a", [new PodMonitor("a", labels, null)], 0), new ModelVersion
        {
            Metadata = new() { Name = "iris-2" },
            Spec = new()
            {
                Model = "iris", Version = "2", Format = new ModelFormat { Name = "onnx" }, StorageUri = "https://m/a.onnx",
                Metrics = stated.ToDictionary(static s => s.Metric, static s => s.Stated),
            },
        }, now);
}
