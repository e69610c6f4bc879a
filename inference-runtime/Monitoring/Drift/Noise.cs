using System.Collections.Immutable;
using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Drift;

/// <summary>
/// How large a score gets by chance alone: the score that a window of so many rows, drawn from the distribution that the
/// baseline was drawn from, exceeds at a given rate.
/// </summary>
internal static class Noise
{
    /// <summary>Pairs of samples that a law is fitted to; its far end comes from the fit, not from the samples.</summary>
    private const int Trials = 400;

    private const int Seed = 20_011;

    public static double Limit(DriftMethod method, FeatureProfile baseline, long rows, double rate)
    {
        var cells = DriftScores.Cells(baseline);
        double baselineRows = baseline.Count;
        var apart = (1 / baselineRows) + (1.0 / rows);
        return method switch
        {
            DriftMethod.KolmogorovSmirnov => Distributions.KolmogorovQuantile(rate) * Math.Sqrt(apart),
            DriftMethod.ChiSquare =>
                Math.Sqrt(Distributions.ChiSquareQuantile(rate, Math.Max(1, cells.Length - 1)) * apart) / 2,
            DriftMethod.MissingShare => Missing(baseline, rows, rate),
            _ => Simulated(method, baseline, cells, rows, rate),
        };
    }

    /// <summary>Two shares that are one by nature, with two rows added of each kind (Agresti and Caffo).</summary>
    private static double Missing(FeatureProfile baseline, long rows, double rate)
    {
        double all = baseline.Count + baseline.Missing;
        var share = (baseline.Missing + 2) / (all + 4);
        return (Distributions.NormalQuantile(rate) * Math.Sqrt(share * (1 - share) * ((1 / all) + (1.0 / rows)))) + (1.0 / rows);
    }

    /// <summary>
    /// PSI, the squared Jensen-Shannon distance and the squared Wasserstein distance of like samples are sums of squares
    /// of nearly normal terms, so a gamma law with their mean and variance has their far end.
    /// </summary>
    private static double Simulated(DriftMethod method, FeatureProfile baseline, ImmutableArray<long> cells, long rows, double rate)
    {
        var draw = new Draw(Seed);
        // Half a row more in each cell: one that the baseline left empty may be met.
        var shares = cells.Select(c => (c + 0.5) / (baseline.Count + (0.5 * cells.Length))).ToArray();
        double sum = 0, squares = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var score = Score(method, baseline, draw.Counts(baseline.Count, shares), draw.Counts(rows, shares));
            var square = method == DriftMethod.Psi ? score : score * score;
            sum += square;
            squares += square * square;
        }
        var mean = sum / Trials;
        var variance = Math.Max((squares / Trials) - (mean * mean), mean * mean * 1e-6);
        if (mean == 0)
            return 0;
        var limit = Distributions.GammaQuantile(rate, mean * mean / variance) * variance / mean;
        return method == DriftMethod.Psi ? limit : Math.Sqrt(limit);
    }

    private static double Score(DriftMethod method, FeatureProfile baseline, long[] was, long[] now) =>
        method == DriftMethod.Wasserstein
            ? Wasserstein.Distance(
                (NumberProfile)baseline with { Counts = [.. was] }, (NumberProfile)baseline with { Counts = [.. now] })
            : DriftScores.Of(method, was, now);
}
