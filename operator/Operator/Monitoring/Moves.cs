using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;
using Sluice.Operator.Api;

namespace Sluice.Operator.Monitoring;

/// <summary>What moved, with how it was and how it is, short enough for an environment variable.</summary>
internal static class Moves
{
    const int Categories = 5;
    const int Characters = 64;

    /// <param name="score">Of what moved.</param>
    /// <param name="window">That showed it.</param>
    public static MovedFeature Of(DriftScoreStatus score, MergedWindow window)
    {
        var prediction = score.Prediction is true;
        // Where pods learnt baselines of their own, the score is that of the one that is the farthest.
        var (baseline, observed) = window.Profiles.Length == 1 ? Pair(window.Profiles[0]) : Pair(window.Profiles.MaxBy(Score));
        return new MovedFeature
        {
            Feature = score.Feature,
            Prediction = score.Prediction,
            Method = score.Method,
            Score = score.Score,
            Threshold = score.Threshold,
            Baseline = baseline is null ? null : Summary(baseline),
            Observed = observed is null ? null : Summary(observed),
        };

        (FeatureProfile? Baseline, FeatureProfile? Window) Pair((Baseline Baseline, Profile Window) of) =>
            (Find(of.Baseline.Profile), Find(of.Window));

        FeatureProfile? Find(Profile profile) => (prediction ? profile.Predictions : profile.Features).FirstOrDefault(f => f.Name == score.Feature);

        double Score((Baseline Baseline, Profile Window) of)
        {
            var report = of.Baseline.Compare(of.Window);
            return (prediction ? report.Predictions : report.Features)
                .FirstOrDefault(s => s.Feature == score.Feature && s.Method.Name() == score.Method) is { } found ? found.Score / found.Threshold : 0;
        }
    }

    public static DistributionSummary Summary(FeatureProfile of)
    {
        var common = new DistributionSummary
        {
            Count = of.Count,
            MissingShare = Rounded(of.MissingShare),
            UnexpectedShare = of.Count == 0 ? 0 : Rounded((double)of.Unexpected / of.Count),
        };
        return of switch
        {
            NumberProfile { Moments.Count: > 0 } numbers => common with
            {
                Mean = Rounded(numbers.Moments.Mean), Deviation = Rounded(numbers.Moments.Deviation), Min = Rounded(numbers.Min), Max = Rounded(numbers.Max),
            },
            CategoryProfile categories => common with { Top = Top(categories) },
            _ => common,
        };
    }

    static CategoryShare[] Top(CategoryProfile of) =>
    [
        .. of.Expected.Concat(of.Novel.Select(static n => new CategoryCount(n.Key, n.Value)))
            .Where(static c => c.Count > 0).OrderByDescending(static c => c.Count).ThenBy(static c => c.Value, StringComparer.Ordinal).Take(Categories)
            .Select(c => new CategoryShare { Value = c.Value.Length <= Characters ? c.Value : c.Value[..Characters], Share = Rounded((double)c.Count / of.Count) }),
    ];

    /// <summary>To six digits, however large: a sum of many pods' rows has a last digit that says nothing.</summary>
    static double Rounded(double number) => double.Parse(number.ToString("G6", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
