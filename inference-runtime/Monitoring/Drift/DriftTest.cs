using System.Collections.Immutable;
using System.Numerics;
using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Drift;

/// <summary>Compares windows with one baseline. One thread at a time.</summary>
public sealed class DriftTest
{
    /// <summary>Fewer rows are no ground for a verdict: the laws of chance that limits come from need some.</summary>
    public const int LeastRows = 50;

    private readonly Profile baseline;
    private readonly DriftSettings settings;
    private readonly double rate;
    private readonly Dictionary<(FeatureProfile Feature, DriftMethod Method, long Rows), double> limits = [];

    public DriftTest(Profile baseline, DriftSettings settings)
    {
        (this.baseline, this.settings) = (baseline, settings);
        // Each feature is compared twice, see DriftMethod.MissingShare; Šidák shares the rate out.
        var comparisons = 2 * (baseline.Features.Length + baseline.Predictions.Length);
        rate = 1 - Math.Pow(1 - settings.FalseAlarmRate, 1.0 / Math.Max(1, comparisons));
    }

    public DriftReport Compare(Profile current)
    {
        var features = Compare(baseline.Features, current.Features);
        var drifted = features.Where(static s => s.IsDrifted).Select(static s => s.Feature).Distinct().Count();
        var share = baseline.Features.Length > 0 ? (double)drifted / baseline.Features.Length : 0;
        return new DriftReport(
            current.Rows, features, Compare(baseline.Predictions, current.Predictions), share, drifted > 0 && share >= settings.DataSetShare);
    }

    public DriftMethod MethodFor(FeatureProfile feature) => settings.Method switch
    {
        DriftMethod.Wasserstein or DriftMethod.KolmogorovSmirnov when feature is CategoryProfile => DriftMethods.Default(feature),
        { } chosen => chosen,
        null => DriftMethods.Default(feature),
    };

    private ImmutableArray<DriftScore> Compare(ImmutableArray<FeatureProfile> was, ImmutableArray<FeatureProfile> now)
    {
        if (was.Length != now.Length)
            throw new ArgumentException("The window was not recorded for this baseline.", nameof(now));
        var scores = ImmutableArray.CreateBuilder<DriftScore>();
        for (var i = 0; i < was.Length; i++)
        {
            if (was[i].Count > 0 && now[i].Count >= LeastRows)
                scores.Add(Compare(MethodFor(was[i]), was[i], now[i], now[i].Count));
            var rows = now[i].Count + now[i].Missing;
            if (was[i].Missing + now[i].Missing > 0 && rows >= LeastRows && was[i].Count + was[i].Missing > 0)
                scores.Add(Compare(DriftMethod.MissingShare, was[i], now[i], rows));
        }
        return scores.ToImmutable();
    }

    private DriftScore Compare(DriftMethod method, FeatureProfile was, FeatureProfile now, long rows)
    {
        var key = (was, method, RoundDown(rows));
        if (!limits.TryGetValue(key, out var limit))
            limits[key] = limit = Noise.Limit(method, was, key.Item3, rate);
        return new DriftScore(was.Name, method, DriftScores.Of(method, was, now), Math.Max(limit, settings.Threshold));
    }

    /// <summary>To three binary digits, so that few limits are computed; a limit for fewer rows is on the safe side.</summary>
    private static long RoundDown(long rows)
    {
        var digits = BitOperations.Log2((ulong)rows);
        return digits <= 2 ? rows : rows >> (digits - 2) << (digits - 2);
    }
}
