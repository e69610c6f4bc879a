using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Monitoring.Feedback;

namespace Sluice.Monitoring.Tests;

public sealed class FeedbackTests
{
    [Fact]
    public void Labels_are_joined_once_to_predictions_that_are_remembered()
    {
        var memory = new PredictionMemory(capacity: 100, classes: 2);
        for (var i = 0; i < 250; i++)
            memory.Add(new Prediction(Key(i), i % 3, double.NaN), [i, -i]);

        memory.Take(Key(249), out var last, out var scores).Should().Be(Join.Joined);
        memory.Take(Key(150), out var first, out _).Should().Be(Join.Joined);
        memory.Take(Key(150), out _, out _).Should().Be(Join.Duplicate);
        memory.Take(Key(149), out _, out _).Should().Be(Join.Late);
        memory.Take(Key(0), out _, out _).Should().Be(Join.Late);
        (last.Label, first.Label).Should().Be((0, 0));
        scores.ToArray().Should().Equal(249, -249);
        var unknown = Enumerable.Range(1000, 10_000).Count(i => memory.Take(Key(i), out _, out _) == Join.Unknown);
        unknown.Should().BeGreaterThan(9_900);
    }

    [Fact]
    public void An_id_that_is_used_twice_means_the_later_prediction()
    {
        var memory = new PredictionMemory(capacity: 2, classes: 0);
        memory.Add(new Prediction(1, 7, double.NaN), []);
        memory.Take(1, out _, out _);
        memory.Add(new Prediction(1, 8, double.NaN), []);

        memory.Take(1, out var prediction, out _).Should().Be(Join.Joined);
        prediction.Label.Should().Be(8);
        memory.Add(new Prediction(2, 0, double.NaN), []);
        memory.Take(1, out _, out _).Should().Be(Join.Duplicate, "its later place in the ring is still there");
    }

    [Fact]
    public void A_ring_hands_over_the_latest_that_fit()
    {
        var ring = new PredictionRing(capacity: 4, classes: 1);
        for (var i = 0; i < 10; i++)
            ring.Add(new Prediction((ulong)i, i, double.NaN))[0] = i;
        var memory = new PredictionMemory(capacity: 10, classes: 1);

        ring.MoveTo(memory);

        memory.Take(5, out _, out _).Should().Be(Join.Unknown);
        memory.Take(6, out var prediction, out var scores).Should().Be(Join.Joined);
        (prediction.Label, scores[0]).Should().Be((6, 6f));
        ring.Added.Should().Be(0);
    }

    [Fact]
    public void Rolling_quality_is_that_of_the_latest_rows_computed_at_once()
    {
        var rows = Gen.Choose(0, 3).Select(static x => (long)x).Two().ArrayOf().ToArbitrary();
        Prop.ForAll(rows, static all =>
        {
            var rolling = new RollingQuality(20);
            foreach (var (predicted, truth) in all)
                rolling.AddClass(predicted, [], truth);
            var latest = all.TakeLast(20).ToList();
            var quality = rolling.Measure();
            return latest.Count == 0
                ? quality is { Accuracy: null, F1: null }
                : Near(quality.Accuracy!.Value, latest.Average(static r => r.Item1 == r.Item2 ? 1.0 : 0))
                    && Near(quality.F1!.Value, MacroF1(latest));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Scores_and_numbers_are_judged_by_their_distance()
    {
        var rolling = new RollingQuality(10);
        rolling.AddClass(null, [0.2f, 0.7f, 0.1f], 1);
        rolling.AddClass(null, [0.5f, 0.3f, 0.2f], 2);
        rolling.AddNumber(3, 5);
        rolling.AddNumber(-1, -2);

        var quality = rolling.Measure();

        quality.Rows.Should().Be(4);
        quality.Accuracy.Should().Be(0.5);
        quality.Brier.Should().BeApproximately((0.04 + 0.09 + 0.01 + 0.25 + 0.09 + 0.64) / 2, 1e-6);
        quality.MeanAbsoluteError.Should().Be(1.5);
        (quality.ClassRows, quality.ScoredRows, quality.NumberRows).Should().Be((2, 2, 2));
        quality.ErrorDeviation.Should().Be(0.5);
        quality.BrierDeviation.Should().BeApproximately((0.98 - 0.14) / 2, 1e-6);
        quality.Classes.Should().BeEquivalentTo([new ClassTally(1, 1, 2), new ClassTally(0, 0, 1), new ClassTally(2, 0, 1)]);
    }

    [Fact]
    public void Ids_that_differ_have_keys_that_differ()
    {
        var keys = Enumerable.Range(0, 20_000).SelectMany(static i => (ulong[])[Key(i), Identity.Of(Key(i), 1), Identity.Of(Key(i), 2)]);

        keys.Distinct().Should().HaveCount(60_000);
        Identity.Of("a"u8).Should().NotBe(Identity.Of("a\0"u8));
    }

    private static ulong Key(int i) => Identity.Of(Encoding.UTF8.GetBytes($"request-{i}"));

    private static double MacroF1(List<(long, long)> rows)
    {
        var classes = rows.SelectMany(static r => new[] { r.Item1, r.Item2 }).Distinct().ToList();
        return classes.Average(c =>
        {
            double hits = rows.Count(r => r == (c, c)), told = rows.Count(r => r.Item1 == c), real = rows.Count(r => r.Item2 == c);
            var (precision, recall) = (told == 0 ? 0 : hits / told, real == 0 ? 0 : hits / real);
            return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        });
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;
}
