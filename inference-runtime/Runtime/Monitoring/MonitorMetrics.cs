using Sluice.Contract.Metrics;
using Names = Sluice.Contract.Metrics.MonitorMetricNames;

namespace Sluice.Runtime.Monitoring;

/// <summary>The metrics about data and predictions, for all models.</summary>
internal sealed class MonitorMetrics
{
    public MonitorMetrics(MetricRegistry registry)
    {
        DataDrift = registry.Gauge(RuntimeCatalog.Of(Names.DataDrift));
        DataDriftThreshold = registry.Gauge(RuntimeCatalog.Of(Names.DataDriftThreshold));
        ModelDrift = registry.Gauge(RuntimeCatalog.Of(Names.ModelDrift));
        ModelDriftThreshold = registry.Gauge(RuntimeCatalog.Of(Names.ModelDriftThreshold));
        DriftDetected = registry.Gauge(RuntimeCatalog.Of(Names.DriftDetected));
        DriftedShare = registry.Gauge(RuntimeCatalog.Of(Names.DriftedShare));
        FeatureMean = registry.Gauge(RuntimeCatalog.Of(Names.FeatureMean));
        FeatureDeviation = registry.Gauge(RuntimeCatalog.Of(Names.FeatureDeviation));
        FeatureMissing = registry.Gauge(RuntimeCatalog.Of(Names.FeatureMissing));
        FeatureUnexpected = registry.Gauge(RuntimeCatalog.Of(Names.FeatureUnexpected));
        PredictionMean = registry.Gauge(RuntimeCatalog.Of(Names.PredictionMean));
        PredictionDeviation = registry.Gauge(RuntimeCatalog.Of(Names.PredictionDeviation));
        Predictions = registry.Counter(RuntimeCatalog.Of(Names.Predictions));
        Rows = registry.Counter(RuntimeCatalog.Of(Names.Rows));
        Windows = registry.Counter(RuntimeCatalog.Of(Names.Windows));
        Failures = registry.Counter(RuntimeCatalog.Of(Names.Failures));
    }

    public GaugeFamily DataDrift { get; }

    public GaugeFamily DataDriftThreshold { get; }

    public GaugeFamily ModelDrift { get; }

    public GaugeFamily ModelDriftThreshold { get; }

    public GaugeFamily DriftDetected { get; }

    public GaugeFamily DriftedShare { get; }

    public GaugeFamily FeatureMean { get; }

    public GaugeFamily FeatureDeviation { get; }

    public GaugeFamily FeatureMissing { get; }

    public GaugeFamily FeatureUnexpected { get; }

    public GaugeFamily PredictionMean { get; }

    public GaugeFamily PredictionDeviation { get; }

    public CounterFamily Predictions { get; }

    public CounterFamily Rows { get; }

    public CounterFamily Windows { get; }

    public CounterFamily Failures { get; }
}
