using Sluice.Contract.Metrics;
using Sluice.Onnx;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Batching;

/// <summary>Decides for each model that is loaded whether requests to it are joined, and says so.</summary>
internal sealed class BatchPolicy(BatchSettings settings, RunGate gate, RuntimeMetrics metrics, ILogger logger)
{
    private readonly HistogramFamily rows = metrics.Registry.Histogram(
        RuntimeCatalog.Of(MetricNames.BatchRows), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);

    private readonly GaugeFamily limit = metrics.Registry.Gauge(RuntimeCatalog.Of(MetricNames.BatchLimit));

    /// <param name="location">The model's name and version.</param>
    /// <param name="session">The model.</param>
    /// <param name="warmed">What it was warmed up with.</param>
    /// <returns>Null when they are not joined.</returns>
    public Batcher? For(ModelLocation location, OnnxSession session, WarmedUp warmed)
    {
        var obstacle = warmed.Failure;
        var plan = warmed.Sides is { } sides ? new BatchTrial(session, sides, settings, metrics.Time).Run(out obstacle) : null;
        limit.With(location.Name, location.Version, metrics.Revision).Set(plan?.MaxRows ?? 1);
        if (plan is null)
        {
            Log.NotJoined(logger, location.Name, location.Version, obstacle ?? string.Empty);
            return null;
        }
        Log.Joined(logger, location.Name, location.Version, plan.MaxRows);
        return new Batcher(session, plan, gate, metrics.PerRequest ? rows.With(location.Name, location.Version, metrics.Revision) : null);
    }
}
