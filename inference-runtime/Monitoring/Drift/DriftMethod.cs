using System.Collections.Immutable;
using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Drift;

/// <summary>How far two distributions are apart. All are 0 for equal ones and grow with the distance.</summary>
public enum DriftMethod
{
    /// <summary>Population stability index; natural logarithm, shares below 0.0001 taken as 0.0001.</summary>
    Psi,

    /// <summary>Jensen-Shannon distance (the root of the divergence), natural logarithm.</summary>
    JensenShannon,

    /// <summary>Area between the distribution functions, in standard deviations of the baseline; numbers only.</summary>
    Wasserstein,

    /// <summary>Largest difference of the distribution functions at the edges; numbers only.</summary>
    KolmogorovSmirnov,

    /// <summary>Root of the two-sample chi² per row, such that it is Cramér's V for samples of one size.</summary>
    ChiSquare,

    /// <summary>Difference of the shares of rows without a value. Computed beside the chosen method.</summary>
    MissingShare,
}

public static class DriftMethods
{
    /// <summary>Evidently's limit: up to so many rows of baseline, a test's statistic; beyond, a distance.</summary>
    private const long Small = 1000;

    /// <summary>Numbers in no more cells than this are compared as categories.</summary>
    private const int Few = 5;

    private static readonly ImmutableArray<string> Names = ["psi", "jensen_shannon", "wasserstein", "ks", "chi2", "missing_share"];

    /// <summary>As the label of the metric and in documents.</summary>
    public static string Name(this DriftMethod method) => Names[(int)method];

    public static DriftMethod? Find(string name) => Names.IndexOf(name) is var index and >= 0 ? (DriftMethod)index : null;

    /// <summary>By type of the feature and size of the baseline, as Evidently does.</summary>
    public static DriftMethod Default(FeatureProfile baseline)
    {
        var asNumber = baseline is NumberProfile numbers && numbers.Counts.Count(static c => c > 0) > Few;
        return (asNumber, baseline.Count > Small) switch
        {
            (true, true) => DriftMethod.Wasserstein,
            (true, false) => DriftMethod.KolmogorovSmirnov,
            (false, true) => DriftMethod.JensenShannon,
            (false, false) => DriftMethod.ChiSquare,
        };
    }
}
