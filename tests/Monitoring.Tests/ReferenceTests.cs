using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;
using Sluice.Monitoring.Recording;

namespace Sluice.Monitoring.Tests;

/// <summary>Against what SciPy computes from the same samples.</summary>
public sealed class ReferenceTests
{
    private const double Close = 1e-6;

    public static TheoryData<string> Samples => [.. Scores.All.GetProperty("numbers").EnumerateArray().Select(static s => s.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Samples_are_counted_as_NumPy_counts_them(string name)
    {
        var sample = Sample(name);

        var current = Record(sample, "current");

        current.Counts.Should().Equal(sample.Longs("currentCounts"));
        Record(sample, "baseline").Counts.Should().Equal(sample.Longs("baselineCounts"));
        current.Moments.Mean.Should().BeApproximately(sample.Number("mean"), 1e-9);
        current.Moments.Variance.Should().BeApproximately(sample.Number("variance"), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Scores_are_those_of_SciPy(string name)
    {
        var sample = Sample(name);
        NumberProfile was = Record(sample, "baseline"), now = Record(sample, "current");

        DriftScores.Of(DriftMethod.Psi, was, now).Should().BeApproximately(sample.Number("psi"), Close);
        DriftScores.Of(DriftMethod.JensenShannon, was, now).Should().BeApproximately(sample.Number("jensenShannon"), Close);
        DriftScores.Of(DriftMethod.Wasserstein, was, now).Should().BeApproximately(sample.Number("wasserstein"), Close);
        DriftScores.Of(DriftMethod.KolmogorovSmirnov, was, now).Should().BeApproximately(sample.Number("ks"), Close);
        DriftScores.Of(DriftMethod.ChiSquare, was, now).Should().BeApproximately(sample.Number("chi2Effect"), Close);
        var (statistic, freedom) = Distances.ChiSquare(was.Counts.AsSpan(), now.Counts.AsSpan());
        statistic.Should().BeApproximately(sample.Number("chi2"), Close);
        Distributions.ChiSquareAbove(statistic, freedom).Should().BeApproximately(sample.Number("chi2P"), Close);
        var together = (double)was.Count * now.Count / (was.Count + now.Count);
        Distributions.KolmogorovAbove(DriftScores.Of(DriftMethod.KolmogorovSmirnov, was, now) * Math.Sqrt(together))
            .Should().BeApproximately(sample.Number("ksP"), Close);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_Wasserstein_distance_of_cells_is_near_that_of_the_rows(string name)
    {
        var sample = Sample(name);

        var score = DriftScores.Of(DriftMethod.Wasserstein, Record(sample, "baseline"), Record(sample, "current"));

        score.Should().BeApproximately(sample.Number("wassersteinOfRows"), 0.05 + (0.2 * score));
    }

    [Fact]
    public void Gamma_shares_and_quantiles_are_those_of_SciPy()
    {
        foreach (var point in Scores.All.GetProperty("gamma").EnumerateArray())
        {
            double value = point.Number("value"), shape = point.Number("shape"), above = point.Number("above");
            Distributions.GammaAbove(value, shape).Should().BeApproximately(above, 1e-12);
            if (above is > 1e-30 and < 0.99)
                Distributions.GammaQuantile(above, shape).Should().BeApproximately(value, 1e-6 * value);
        }
    }

    [Fact]
    public void Kolmogorovs_shares_and_quantiles_are_those_of_SciPy()
    {
        foreach (var point in Scores.All.GetProperty("kolmogorov").EnumerateArray())
        {
            Distributions.KolmogorovAbove(point.Number("value")).Should().BeApproximately(point.Number("above"), 1e-12);
            if (point.Number("above") < 0.99)
                Distributions.KolmogorovQuantile(point.Number("above")).Should().BeApproximately(point.Number("value"), 1e-9);
        }
        Distributions.NormalQuantile(0.05).Should().BeApproximately(1.959963985, 1e-8);
    }

    private static JsonElement Sample(string name) =>
        Scores.All.GetProperty("numbers").EnumerateArray().Single(s => s.GetProperty("name").GetString() == name);

    private static NumberProfile Record(JsonElement sample, string side)
    {
        var recorder = new NumberRecorder("x", sample.Doubles("edges").ToImmutableArray(), shift: 3);
        recorder.Add<double>(sample.Doubles(side), column: 0, columns: 1);
        return (NumberProfile)recorder.Take();
    }
}
