using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Sluice.Telemetry;

/// <summary>Says when a receiver begins to refuse, and when it takes exports again; the SDK by itself is silent.</summary>
internal sealed class Reception(OtlpTarget target, string what, ILogger log)
{
    private bool refused;

    public ExportResult Tell(ExportResult result)
    {
        var now = result == ExportResult.Failure;
        if (now && !refused)
            Log.Refused(log, what, target.Address);
        else if (refused && !now)
            Log.Taken(log, what, target.Address);
        refused = now;
        return result;
    }
}

internal sealed class SpanExporter(OtlpTarget target, ILogger log) : OtlpTraceExporter(target.ToOptions())
{
    private readonly Reception reception = new(target, "Spans", log);

    public override ExportResult Export(in Batch<Activity> activityBatch) => reception.Tell(base.Export(activityBatch));
}

internal sealed class MetricExporter(OtlpTarget target, ILogger log) : OtlpMetricExporter(target.ToOptions())
{
    private readonly Reception reception = new(target, "Metrics", log);

    /// <summary>Nothing is no export: a receiver that hangs would hold on to it instead of to the next one.</summary>
    public override ExportResult Export(in Batch<Metric> metrics) =>
        metrics.Count == 0 ? ExportResult.Success : reception.Tell(base.Export(metrics));
}
