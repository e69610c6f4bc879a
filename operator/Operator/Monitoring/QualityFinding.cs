using Sluice.Contract;
using Sluice.Operator.Api;

namespace Sluice.Operator.Monitoring;

/// <summary>Whether labels show that answers are worse than the ModelVersion lets expect.</summary>
/// <param name="Dropped">Null while nothing can be said.</param>
/// <param name="Reason">Of the condition.</param>
/// <param name="Why">Why nothing can be said, for people.</param>
/// <param name="Seen">Null without labels.</param>
internal sealed record QualityFinding(bool? Dropped, string Reason, string? Why, QualityStatus? Seen)
{
    /// <summary>Fewer are no ground for a verdict.</summary>
    const long LeastRows = 50;

    const double Notable = 0.01;

    static readonly TimeSpan Refresh = TimeSpan.FromMinutes(10);

    /// <param name="spec">How far it may fall.</param>
    /// <param name="watched">Whose labels.</param>
    /// <param name="version">The ModelVersion that serves.</param>
    /// <param name="now">When this is seen.</param>
    public static QualityFinding Of(FeedbackSpec spec, WatchedRevision? watched, ModelVersion? version, DateTimeOffset now)
    {
        FeedbackDocument[] labels = [.. (watched?.Pods ?? []).Select(static p => p.Document.Feedback).OfType<FeedbackDocument>()];
        var problems = new List<string>();
        var figures = MeasuredQuality.Of(labels).Select(m => Judge(m, spec, version)).ToArray();
        var stated = 0;
        foreach (var metric in (QualityMetric[])[QualityMetric.Accuracy, QualityMetric.F1, QualityMetric.Brier, QualityMetric.AbsoluteError])
        {
            stated += metric.Expected(version, out var problem) is null ? 0 : 1;
            if (problem is not null)
                problems.Add(problem);
        }

        var seen = figures.Length == 0 ? null : new QualityStatus { Figures = figures, Labels = labels.Sum(static f => f.Joined + f.Given), Time = now };
        if (figures.Any(static f => f.Dropped is true))
            return new(true, Reasons.QualityBelowExpected, null, seen);
        if (problems.Count > 0)
            return new(null, Reasons.NoExpectation, string.Join(' ', problems), seen);
        if (stated == 0)
            return new(null, Reasons.NoExpectation, "The ModelVersion that serves states no accuracy, f1, brier or mae in spec.metrics to hold labels against.", seen);
        return figures.Any(static f => f.Dropped is false)
            ? new(false, Reasons.QualityAsExpected, null, seen)
            : new(null, Reasons.TooFewLabels, $"Fewer than {LeastRows} answers have a label by which a stated figure can be judged.", seen);
    }

    /// <param name="shown">What status tells.</param>
    public string Describe(QualityStatus? shown) => Why ?? string.Join(
        ' ', shown!.Figures.Where(f => f.Dropped == Dropped).Select(static f => $"{Figure(f)} over {f.Rows} labelled answers; the ModelVersion states {f.Expected:0.####}, and {f.Limit:0.####} is the limit."));

    /// <summary>What status tells: what is seen now, or what is there while it says about the same.</summary>
    public QualityStatus? Refreshed(QualityStatus? present) =>
        Seen is not null && present is not null && Seen.Time - present.Time < Refresh && present.Figures.Count == Seen.Figures.Count
        && present.Figures.Zip(Seen.Figures).All(static f => IsAlike(f.First, f.Second)) ? present : Seen;

    static bool IsAlike(QualityFigureStatus a, QualityFigureStatus b) =>
        (a.Metric, a.Expected, a.Limit, a.Dropped) == (b.Metric, b.Expected, b.Limit, b.Dropped) && Math.Abs(a.Value - b.Value) < Notable * Math.Max(1, Math.Abs(a.Value));

    static QualityFigureStatus Judge(MeasuredQuality measured, FeedbackSpec spec, ModelVersion? version)
    {
        var (metric, expected) = (measured.Metric, measured.Metric.Expected(version, out _));
        double? limit = expected is { } stated ? metric.Limit(stated, spec) : null;
        return new QualityFigureStatus
        {
            Metric = metric.Name,
            Value = Math.Round(measured.Value, 4),
            Expected = expected,
            Limit = limit is { } exact ? Math.Round(exact, 6) : null,
            Rows = measured.Rows,
            Dropped = limit is null || measured.Rows < LeastRows ? null : metric.Worse(measured.Value, limit.Value) > 0 && measured.IsNoChance(expected!.Value),
        };
    }

    static string Figure(QualityFigureStatus figure) => $"{figure.Metric} is {figure.Value:0.####}";
}
