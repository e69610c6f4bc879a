using Sluice.Contract.Metrics;
using Sluice.Monitoring.Feedback;
using Names = Sluice.Contract.Metrics.MonitorMetricNames;

namespace Sluice.Runtime.Monitoring;

/// <summary>The metrics about the quality of answers, for all models.</summary>
internal sealed class FeedbackMetrics
{
    public FeedbackMetrics(MetricRegistry registry)
    {
        ReadOnlySpan<string> model = [MetricNames.ModelLabel, MetricNames.VersionLabel, MetricNames.RevisionLabel];
        Accuracy = registry.Gauge(Names.Accuracy, "Share of right classes among the latest rows with a label.", model);
        F1 = registry.Gauge(Names.F1, "Macro F1 of the same rows.", model);
        Brier = registry.Gauge(Names.Brier, "Brier score of the same rows.", model);
        Error = registry.Gauge(Names.MeanAbsoluteError, "Mean absolute error of the same rows.", model);
        Rows = registry.Gauge(Names.FeedbackRows, "Rows that these rest on.", model);
        Feedback = registry.Counter(Names.Feedback, "Labels that were sent.", [.. model, MetricNames.ResultLabel]);
    }

    public GaugeFamily Accuracy { get; }

    public GaugeFamily F1 { get; }

    public GaugeFamily Brier { get; }

    public GaugeFamily Error { get; }

    public GaugeFamily Rows { get; }

    public CounterFamily Feedback { get; }
}

/// <summary>The series of one version of a model.</summary>
internal sealed class FeedbackSeries(FeedbackMetrics metrics, string model, string version, string revision)
{
    private FeedbackCounts published;

    public void Publish(FeedbackCounts counts, Quality quality)
    {
        var news = counts - published;
        published = counts;
        Add("joined", news.Joined);
        Add("given", news.Given);
        Add("unknown", news.Unknown);
        Add("late", news.Late);
        Add("duplicate", news.Duplicate);
        metrics.Rows.With(model, version, revision).Set(quality.Rows);
        Set(metrics.Accuracy, quality.Accuracy);
        Set(metrics.F1, quality.F1);
        Set(metrics.Brier, quality.Brier);
        Set(metrics.Error, quality.MeanAbsoluteError);
    }

    private void Add(string result, long count) => metrics.Feedback.With(model, version, revision, result).Add(count);

    private void Set(GaugeFamily family, double? value)
    {
        if (value is { } known)
            family.With(model, version, revision).Set(known);
    }
}
