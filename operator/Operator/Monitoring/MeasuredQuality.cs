using Sluice.Contract;
using Sluice.Monitoring.Feedback;
using Sluice.Monitoring.Profiles;

namespace Sluice.Operator.Monitoring;

/// <summary>One figure over the labels of all pods, as if one pod had got them.</summary>
/// <param name="Metric">Which.</param>
/// <param name="Value">The figure.</param>
/// <param name="Rows">Labels that it rests on.</param>
internal sealed record MeasuredQuality(QualityMetric Metric, double Value, long Rows)
{
    /// <summary>How likely a model that is as good as stated may look as bad as measured by chance.</summary>
    const double FalseAlarms = 0.001;

    /// <summary>Standard errors that a normal number exceeds with that chance.</summary>
    const double Errors = 3.09;

    /// <summary>Of the value; for accuracy, whose law is known, there is <see cref="Right"/> instead.</summary>
    public double StandardError { get; init; }

    public long? Right { get; init; }

    /// <summary>Whether chance alone does not make of a model as good as expected what was measured.</summary>
    public bool IsNoChance(double expected) => Right is { } right
        ? Binomial.AtMost(right, Rows, expected) < FalseAlarms
        : Metric.Worse(Value, expected) > Errors * StandardError;

    /// <summary>What can be measured, of the latest labels of each pod.</summary>
    public static IReadOnlyList<MeasuredQuality> Of(IEnumerable<FeedbackDocument> pods)
    {
        var all = pods.ToArray();
        return [.. ((MeasuredQuality?[])[Accuracy(all), F1(all),
            Mean(QualityMetric.Brier, all.Select(static f => (f.ScoredRows, f.Brier, f.BrierDeviation))),
            Mean(QualityMetric.AbsoluteError, all.Select(static f => (f.NumberRows, f.MeanAbsoluteError, f.ErrorDeviation)))]).OfType<MeasuredQuality>()];
    }

    static MeasuredQuality? Accuracy(FeedbackDocument[] pods)
    {
        var rows = pods.Aggregate(default(LabelledRows), static (sum, pod) => sum + LabelledRows.Of(pod));
        return rows.All == 0 ? null : new MeasuredQuality(QualityMetric.Accuracy, rows.Accuracy, rows.All) { Right = rows.Right };
    }

    /// <summary>
    /// Macro F1 from the tallies of all pods. A class's F1 is 2J/(1+J) of J, the share of the rows where it was answered or
    /// true in which it was both; J's error is a share's, and the classes' errors are taken to go together, which is the worst.
    /// </summary>
    static MeasuredQuality? F1(FeedbackDocument[] pods)
    {
        var labelled = pods.Where(static p => p.ClassRows > 0).ToArray();
        if (labelled.Length == 0 || labelled.Any(static p => p.Classes is null))
            return null;
        var classes = labelled.SelectMany(static p => p.Classes!).GroupBy(static c => c.Label)
            .Select(static g => new ClassTally(g.Key, g.Sum(static c => c.Right), g.Sum(static c => c.Seen))).ToArray();
        return new MeasuredQuality(QualityMetric.F1, classes.Average(static c => c.F1), labelled.Sum(static p => (long)p.ClassRows!))
        {
            StandardError = classes.Average(static c => StandardErrorOf(c)),
        };
    }

    static double StandardErrorOf(ClassTally tally)
    {
        var rows = tally.Seen - tally.Right;
        // One more of each, so that a class that was seen once is not thought to be known.
        var share = (tally.Right + 1.0) / (rows + 2);
        return 2 / ((1 + share) * (1 + share)) * Math.Sqrt(share * (1 - share) / rows);
    }

    static MeasuredQuality? Mean(QualityMetric metric, IEnumerable<(int? Rows, double? Mean, double? Deviation)> pods)
    {
        var all = pods.Where(static p => p is { Rows: > 0, Mean: not null, Deviation: not null })
            .Aggregate(default(Moments), static (sum, p) => sum + new Moments(p.Rows!.Value, p.Mean!.Value, p.Deviation!.Value * p.Deviation.Value * p.Rows.Value));
        return all.Count == 0 ? null : new MeasuredQuality(metric, all.Mean, all.Count) { StandardError = all.Deviation / Math.Sqrt(all.Count) };
    }
}
