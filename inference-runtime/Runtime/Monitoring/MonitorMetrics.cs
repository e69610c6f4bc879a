using Sluice.Contract.Metrics;
using Names = Sluice.Contract.Metrics.MonitorMetricNames;

namespace Sluice.Runtime.Monitoring;

/// <summary>The metrics about data and predictions, for all models.</summary>
internal sealed class MonitorMetrics
{
    public MonitorMetrics(MetricRegistry registry)
    {
        ReadOnlySpan<string> model = [MetricNames.ModelLabel, MetricNames.VersionLabel, MetricNames.RevisionLabel];
        ReadOnlySpan<string> feature = [.. model, Names.FeatureLabel];
        ReadOnlySpan<string> score = [.. feature, Names.MethodLabel];
        DataDrift = registry.Gauge(Names.DataDrift, "Distance of a feature from its baseline.", score);
        DataDriftThreshold = registry.Gauge(Names.DataDriftThreshold, "The score above which it has drifted.", score);
        ModelDrift = registry.Gauge(Names.ModelDrift, "Distance of an output from its baseline.", score);
        ModelDriftThreshold = registry.Gauge(Names.ModelDriftThreshold, "The score above which it has drifted.", score);
        DriftDetected = registry.Gauge(Names.DriftDetected, "1 when any feature or prediction drifted.", model);
        DriftedShare = registry.Gauge(Names.DriftedShare, "Drifted features, of all.", model);
        FeatureMean = registry.Gauge(Names.FeatureMean, "Mean of a feature.", feature);
        FeatureDeviation = registry.Gauge(Names.FeatureDeviation, "Standard deviation of a feature.", feature);
        FeatureMissing = registry.Gauge(Names.FeatureMissing, "Rows without a value.", feature);
        FeatureUnexpected = registry.Gauge(Names.FeatureUnexpected, "Rows with a value that the baseline does not have.", feature);
        PredictionMean = registry.Gauge(Names.PredictionMean, "Mean of an output.", feature);
        PredictionDeviation = registry.Gauge(Names.PredictionDeviation, "Standard deviation of an output.", feature);
        Predictions = registry.Counter(Names.Predictions, "Answers by category.", [.. feature, Names.ValueLabel]);
        Rows = registry.Counter(Names.Rows, "Rows that were recorded.", model);
        Windows = registry.Counter(Names.Windows, "Windows that were closed.", [.. model, MetricNames.ResultLabel]);
        Failures = registry.Counter(Names.Failures, "Calls that could not be recorded.", model);
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
