using System.Collections.Immutable;
using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Drift;

/// <summary>How far one feature's rows are from its baseline.</summary>
public static class DriftScores
{
    /// <returns>0 when a side has no rows with a value.</returns>
    /// <exception cref="ArgumentException">The profiles are not of one feature, or the method is not for its type.</exception>
    public static double Of(DriftMethod method, FeatureProfile baseline, FeatureProfile current)
    {
        if (method == DriftMethod.MissingShare)
            return Math.Abs(baseline.MissingShare - current.MissingShare);
        if (method == DriftMethod.Wasserstein)
        {
            return baseline is NumberProfile was && current is NumberProfile now
                ? Wasserstein.Distance(was, now)
                : throw new ArgumentException($"\"{baseline.Name}\" holds categories, which have no Wasserstein distance.", nameof(method));
        }
        return Of(method, Cells(baseline).AsSpan(), Cells(current).AsSpan());
    }

    /// <summary>Rows in each cell, in an order that depends on the baseline alone.</summary>
    internal static ImmutableArray<long> Cells(FeatureProfile profile) => profile switch
    {
        NumberProfile numbers => numbers.Counts,
        CategoryProfile categories => [.. categories.Expected.Select(static c => c.Count), categories.Unexpected],
        _ => throw new ArgumentException("There are numbers and categories.", nameof(profile)),
    };

    internal static double Of(DriftMethod method, ReadOnlySpan<long> baseline, ReadOnlySpan<long> current)
    {
        if (baseline.Length != current.Length)
            throw new ArgumentException("The profiles have different cells.", nameof(current));
        return method switch
        {
            DriftMethod.Psi => Distances.Psi(baseline, current),
            DriftMethod.JensenShannon => Distances.JensenShannon(baseline, current),
            DriftMethod.KolmogorovSmirnov => Distances.KolmogorovSmirnov(baseline, current),
            DriftMethod.ChiSquare => Distances.ChiSquareEffect(
                Distances.ChiSquare(baseline, current).Statistic, Sum(baseline), Sum(current)),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Not a distance of histograms."),
        };
    }

    private static double Sum(ReadOnlySpan<long> counts)
    {
        double sum = 0;
        foreach (var count in counts)
            sum += count;
        return sum;
    }
}
