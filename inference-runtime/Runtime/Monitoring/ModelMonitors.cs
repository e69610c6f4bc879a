using Sluice.Monitoring.Profiles;
using Sluice.Onnx;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Monitoring;

/// <summary>Makes the monitors of the models, and has each collect now and then.</summary>
internal sealed class ModelMonitors : IAsyncDisposable
{
    private readonly MonitorSettings settings;
    private readonly RuntimeMetrics metrics;
    private readonly ModelCatalog catalog;
    private readonly ILogger logger;
    private readonly MonitorMetrics series;
    private readonly Profile? baseline;
    private readonly CancellationTokenSource stop = new();
    private Task? collecting;

    /// <exception cref="FailureException">The baseline cannot be read.</exception>
    public ModelMonitors(MonitorSettings settings, RuntimeMetrics metrics, ModelCatalog catalog, ILogger logger)
    {
        (this.settings, this.metrics, this.catalog, this.logger) = (settings, metrics, catalog, logger);
        baseline = settings.Baseline is { } file ? BaselineFile.Read(file) : null;
        series = new MonitorMetrics(metrics.Registry);
    }

    public ModelMonitor For(string model, string version, OnnxSession session)
    {
        var signature = new Signature(session);
        var monitor = new ModelMonitor(
            signature.Inputs, signature.Outputs, baseline, settings, new MonitorSeries(series, model, version, metrics.Revision), metrics.Time, logger);
        if (monitor.Unwatched.Count > 0)
            Log.Unwatched(logger, model, string.Join("; ", monitor.Unwatched));
        return monitor;
    }

    public void Start() => collecting = CollectAsync(stop.Token);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (collecting is not null)
            await collecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task CollectAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(settings.Every, metrics.Time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            foreach (var served in catalog.All.SelectMany(static m => m.All).Select(static e => e.Served))
                Collect(served);
        }
    }

    private void Collect(ServedModel? model)
    {
        try
        {
            model?.Monitor?.Collect();
        }
        catch (Exception e)
        {
            Log.NotCollected(logger, model!.Name, e);
        }
    }
}
