using Sluice.Contract.Metrics;
using Sluice.Monitoring.Feedback;
using Names = Sluice.Contract.Metrics.MonitorMetricNames;

namespace Sluice.Runtime.Monitoring;

/// <summary>The metrics about the quality of answers, for all models.</summary>
internal sealed class FeedbackMetrics
{
    public FeedbackMetrics(MetricRegistry registry)
    {
        Accuracy = registry.Gauge(RuntimeCatalog.Of(Names.Accuracy));
        F1 = registry.Gauge(RuntimeCatalog.Of(Names.F1));
        Brier = registry.Gauge(RuntimeCatalog.Of(Names.Brier));
        Error = registry.Gauge(RuntimeCatalog.Of(Names.MeanAbsoluteError));
        Rows = registry.Gauge(RuntimeCatalog.Of(Names.FeedbackRows));
        Feedback = registry.Counter(RuntimeCatalog.Of(Names.Feedback));
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
