using Sluice.Contract.Metrics;
using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;

namespace Sluice.Runtime.Monitoring;

/// <summary>The series of one version of a model.</summary>
internal sealed class MonitorSeries
{
    private readonly MonitorMetrics metrics;
    private readonly Counter rows;
    private readonly Counter failures;

    public MonitorSeries(MonitorMetrics metrics, string model, string version, string revision)
    {
        (this.metrics, Model, Version, Revision) = (metrics, model, version, revision);
        rows = metrics.Rows.With(model, version, revision);
        failures = metrics.Failures.With(model, version, revision);
    }

    public string Model { get; }

    public string Version { get; }

    public string Revision { get; }

    public void Failed() => failures.Increment();

    /// <summary>Rows that came since the last call.</summary>
    public void Recorded(Profile profile)
    {
        rows.Add(profile.Rows);
        foreach (var output in profile.Predictions.OfType<CategoryProfile>())
        {
            foreach (var (value, count) in output.Expected.Where(static c => c.Count > 0))
                metrics.Predictions.With(Model, Version, Revision, output.Name, value).Add(count);
            if (output.Unexpected > 0)
                metrics.Predictions.With(Model, Version, Revision, output.Name, "other").Add(output.Unexpected);
        }
    }

    public void Closed(Profile window, DriftReport report)
    {
        metrics.Windows.With(Model, Version, Revision, report.IsDrifted ? "drifted" : "quiet").Increment();
        metrics.DriftDetected.With(Model, Version, Revision).Set(report.IsDrifted ? 1 : 0);
        metrics.DriftedShare.With(Model, Version, Revision).Set(report.DriftedShare);
        Publish(metrics.DataDrift, metrics.DataDriftThreshold, report.Features);
        Publish(metrics.ModelDrift, metrics.ModelDriftThreshold, report.Predictions);
        foreach (var feature in window.Features)
        {
            Of(metrics.FeatureMissing, feature).Set(feature.MissingShare);
            Of(metrics.FeatureUnexpected, feature).Set(feature.Count == 0 ? 0 : (double)feature.Unexpected / feature.Count);
            Publish(metrics.FeatureMean, metrics.FeatureDeviation, feature);
        }
        foreach (var output in window.Predictions)
            Publish(metrics.PredictionMean, metrics.PredictionDeviation, output);
    }

    private void Publish(GaugeFamily scores, GaugeFamily thresholds, IEnumerable<DriftScore> of)
    {
        foreach (var score in of)
        {
            scores.With(Model, Version, Revision, score.Feature, score.Method.Name()).Set(score.Score);
            thresholds.With(Model, Version, Revision, score.Feature, score.Method.Name()).Set(score.Threshold);
        }
    }

    private void Publish(GaugeFamily mean, GaugeFamily deviation, FeatureProfile of)
    {
        if (of is not NumberProfile { Moments: { Count: > 0 } moments })
            return;
        Of(mean, of).Set(moments.Mean);
        Of(deviation, of).Set(moments.Deviation);
    }

    private Gauge Of(GaugeFamily family, FeatureProfile feature) => family.With(Model, Version, Revision, feature.Name);
}
