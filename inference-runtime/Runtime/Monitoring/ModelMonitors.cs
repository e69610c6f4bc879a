using Sluice.Monitoring.Profiles;
using Sluice.Onnx;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Monitoring;

/// <summary>Makes the monitors of the models, and has each collect now and then.</summary>
internal sealed class ModelMonitors : IAsyncDisposable
{
    private readonly MonitorSettings? settings;
    private readonly FeedbackSettings? feedback;
    private readonly RuntimeMetrics metrics;
    private readonly ModelCatalog catalog;
    private readonly ILogger logger;
    private readonly MonitorMetrics? series;
    private readonly FeedbackMetrics? quality;
    private readonly Profile? baseline;
    private readonly Recurring collecting;

    /// <exception cref="FailureException">The baseline cannot be read.</exception>
    public ModelMonitors(
        MonitorSettings? settings, FeedbackSettings? feedback, RuntimeMetrics metrics, ModelCatalog catalog, ILogger logger)
    {
        (this.settings, this.feedback) = (settings, feedback);
        (this.metrics, this.catalog, this.logger) = (metrics, catalog, logger);
        baseline = settings?.Baseline is { } file ? BaselineFile.Read(file) : null;
        series = settings is null ? null : new MonitorMetrics(metrics.Registry);
        quality = feedback is null ? null : new FeedbackMetrics(metrics.Registry);
        collecting = new Recurring(Collect, settings?.Every ?? TimeSpan.FromSeconds(1), metrics.Time);
    }

    /// <returns>Null when nothing is watched.</returns>
    public ModelMonitor? Watch(string model, string version, OnnxSession session)
    {
        if (settings is null)
            return null;
        var signature = new Signature(session);
        var monitor = new ModelMonitor(
            signature.Inputs, signature.Outputs, baseline, settings, new MonitorSeries(series!, model, version, metrics.Revision), metrics.Time, logger);
        if (monitor.Unwatched.Count > 0)
            Log.Unwatched(logger, model, string.Join("; ", monitor.Unwatched));
        return monitor;
    }

    /// <returns>Null when no labels are taken.</returns>
    public FeedbackJoin? Remember(string model, string version, OnnxSession session) => feedback is null
        ? null
        : new FeedbackJoin(new Signature(session).Outputs, feedback, new FeedbackSeries(quality!, model, version, metrics.Revision));

    public void Start() => collecting.Start();

    public ValueTask DisposeAsync() => collecting.DisposeAsync();

    private void Collect()
    {
        foreach (var served in catalog.All.SelectMany(static m => m.All).Select(static e => e.Served))
            Collect(served);
    }

    private void Collect(ServedModel? model)
    {
        try
        {
            model?.Monitor?.Collect();
            model?.Feedback?.Collect();
        }
        catch (Exception e)
        {
            Log.NotCollected(logger, model!.Name, e);
        }
    }
}
