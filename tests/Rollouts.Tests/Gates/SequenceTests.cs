using System.Collections.Immutable;
using Sluice.Rollouts.Evidence;

namespace Sluice.Rollouts.Tests.Gates;

/// <summary>The intervals against brute force: looked at after every request, and wrong at any look counts as wrong.</summary>
public sealed class SequenceTests
{
    const double Alpha = 0.05;
    const int Runs = 400;
    const int Longest = 2000;

    /// <summary>What Alpha allows in so many runs, and four standard deviations of chance.</summary>
    static readonly int Allowed = (int)(Runs * Alpha + (4 * Math.Sqrt(Runs * Alpha * (1 - Alpha))));

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(0.97)]
    public void A_rate_leaves_its_interval_no_oftener_than_alpha_however_often_one_looks(double rate)
    {
        var wrong = Wrong(random =>
        {
            var tally = default(Tally);
            for (var i = 0; i < Longest; i++)
            {
                tally += new Tally(random.NextDouble() < rate ? 1 : 0, 1);
                if (Sequences.Against(tally, rate) >= Math.Log(1 / Alpha))
                    return true;
            }

            return false;
        });

        wrong.Should().BeLessThanOrEqualTo(Allowed);
    }

    [Theory]
    [InlineData(0.01, 0.01, 0.05)]
    [InlineData(0.03, 0.01, 0.5)]
    [InlineData(0.2, 0.5, 0.5)]
    public void A_difference_leaves_its_interval_no_oftener_than_alpha(double candidate, double stable, double share)
    {
        var wrong = Wrong(random =>
        {
            var (one, other) = (default(Tally), default(Tally));
            for (var i = 0; i < Longest; i++)
            {
                if (random.NextDouble() < share)
                    one += new Tally(random.NextDouble() < candidate ? 1 : 0, 1);
                else
                    other += new Tally(random.NextDouble() < stable ? 1 : 0, 1);
                if (Sequences.Against(one, other, candidate - stable) >= Math.Log(1 / Alpha))
                    return true;
            }

            return false;
        });

        wrong.Should().BeLessThanOrEqualTo(Allowed);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void A_quantile_leaves_its_interval_no_oftener_than_alpha(double level)
    {
        // Uniform on 0 to 1, so that the quantile is the level.
        ImmutableArray<double> bounds = [.. Enumerable.Range(1, 200).Select(static i => i / 200.0)];
        var wrong = Wrong(random =>
        {
            var counts = new long[bounds.Length + 1];
            for (var i = 1; i <= Longest; i++)
            {
                counts[Math.Max(0, (int)Math.Ceiling(random.NextDouble() * 200) - 1)]++;
                if (i % 10 != 0)
                    continue;
                var interval = new Latencies(bounds, [.. counts]).Between(level, Alpha);
                if (interval.Lower > level || interval.Upper < level)
                    return true;
            }

            return false;
        });

        wrong.Should().BeLessThanOrEqualTo(Allowed);
    }

    [Fact]
    public void An_interval_holds_exactly_the_values_that_are_not_refuted()
    {
        var (one, other) = (new Tally(7, 300), new Tally(11, 4000));
        var interval = Sequences.Difference(one, other, Alpha);

        foreach (var difference in Enumerable.Range(-99, 199).Select(static i => i / 100.0))
        {
            var refuted = BruteForce(one, other, difference) >= Math.Log(1 / Alpha);
            refuted.Should().Be(difference < interval.Lower || difference > interval.Upper, $"of {difference}");
        }
    }

    [Fact]
    public void The_likeliest_pair_is_found_as_a_search_through_all_finds_it()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var (one, other) = (Some(random), Some(random));
            var difference = (random.NextDouble() * 1.9) - 0.95;
            Sequences.Against(one, other, difference).Should().BeApproximately(BruteForce(one, other, difference), 1e-3, $"of {one} and {other} at {difference}");
        }
    }

    [Fact]
    public void The_gamma_function_is_that_of_factorials()
    {
        var sum = 0.0;
        for (var n = 1; n <= 60; n++)
        {
            Gamma.Log(n).Should().BeApproximately(sum, 1e-10 * Math.Max(1, sum));
            sum += Math.Log(n);
        }

        Gamma.Log(0.5).Should().BeApproximately(Math.Log(Math.Sqrt(Math.PI)), 1e-12);
    }

    [Fact]
    public void Nothing_is_known_of_nothing()
    {
        Sequences.Rate(default, Alpha).Should().Be(new Interval(0, 1));
        Sequences.Difference(new Tally(1, 9), default, Alpha).Should().Be(new Interval(-1, 1));
        Latencies.None.Between(0.99, Alpha).Should().Be(new Interval(0, double.PositiveInfinity));
    }

    [Fact]
    public void An_interval_grows_narrow_with_what_is_seen()
    {
        var widths = new[] { 100, 1000, 10_000, 1_000_000_000 }
            .Select(static n => Sequences.Rate(new Tally(n / 50, n), Alpha)).Select(static i => i.Upper - i.Lower).ToArray();

        widths.Should().BeInDescendingOrder();
        widths[^1].Should().BeLessThan(1e-4);
    }

    static int Wrong(Func<Random, bool> run) => Enumerable.Range(0, Runs).AsParallel().Count(seed => run(new Random(seed)));

    static Tally Some(Random random)
    {
        var of = 1 + random.Next(500);
        return new Tally(random.Next(4) switch { 0 => 0, 1 => of, _ => random.Next(of + 1) }, of);
    }

    /// <summary>Every rate in ever smaller steps around the best one.</summary>
    static double BruteForce(Tally one, Tally other, double difference)
    {
        var (low, high) = (Math.Max(0, -difference), Math.Min(1, 1 - difference));
        for (var round = 0; round < 12; round++)
        {
            var step = (high - low) / 50;
            var best = Enumerable.Range(0, 51).Select(i => low + (i * step)).MaxBy(Likelihood);
            (low, high) = (Math.Max(low, best - step), Math.Min(high, best + step));
        }

        return Gamma.LogMixture(one) + Gamma.LogMixture(other) - Likelihood((low + high) / 2);

        double Likelihood(double rate)
        {
            var value = one.LogLikelihood(Math.Clamp(rate + difference, 0, 1)) + other.LogLikelihood(rate);
            return double.IsNaN(value) ? double.NegativeInfinity : value;
        }
    }
}
