using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Sluice.Contract.Metrics;

namespace Sluice.Telemetry;

/// <summary>
/// OpenTelemetry's SDK over the activity sources and the metrics of a process. It gathers and sends on threads of its
/// own, from bounded queues, so that nothing waits for a receiver.
/// </summary>
public sealed class TelemetryExport : IAsyncDisposable
{
    /// <summary>A process that is to end does not wait longer for a receiver.</summary>
    private static readonly TimeSpan DefaultLastTry = TimeSpan.FromSeconds(3);

    private readonly Meter meter;
    private readonly TimeProvider time;
    private readonly TimeSpan lastTry;
    private readonly List<Action<int>> ends = [];

    private TelemetryExport(Meter meter, TimeSpan lastTry, TimeProvider time) => (this.meter, this.lastTry, this.time) = (meter, lastTry, time);

    /// <param name="settings">See <see cref="TelemetrySettings.Read"/>.</param>
    /// <param name="scope">What metrics come from.</param>
    /// <param name="registry">All metrics of the process, before anything is observed.</param>
    /// <param name="series">Of one metric at most; more are shown as one, with the attribute otel.metric.overflow.</param>
    /// <param name="sources">Activity sources to record.</param>
    /// <param name="lastTry">How long the end takes at most to send what is left; 3 s unless it is given.</param>
    public static TelemetryExport Start(
        TelemetrySettings settings, string scope, MetricRegistry registry, int series, string[] sources, TimeProvider time, ILogger log, TimeSpan? lastTry = null)
    {
        Log.Exporting(log, settings.Traces?.Address.ToString() ?? "nowhere", settings.Metrics?.Address.ToString() ?? "nowhere");
        var export = new TelemetryExport(new Meter(scope), lastTry ?? DefaultLastTry, time);
        if (settings.Traces is { } traces)
            export.StartTraces(settings, new SpanExporter(traces, log), sources);
        if (settings.Metrics is { } metrics)
        {
            export.StartMetrics(settings, new MetricExporter(metrics, log), settings.Temporality, IsCount, series);
            // A gauge has no temporality; delta keeps the SDK from repeating series for ever that are gone.
            export.StartMetrics(settings, new MetricExporter(metrics, log), MetricReaderTemporalityPreference.Delta, static i => !IsCount(i), series);
            registry.Publish(export.meter);
        }

        return export;
    }

    /// <summary>Sends what is left, within a bound.</summary>
    public async ValueTask DisposeAsync()
    {
        var ending = Task.WhenAll(ends.Select(end => Task.Run(() => end((int)lastTry.TotalMilliseconds))));
        // A receiver that hangs holds up more than the sending.
        await ending.WaitAsync(lastTry + TimeSpan.FromSeconds(1), time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        meter.Dispose();
    }

    private static bool IsCount(Instrument instrument) => instrument is not ObservableGauge<double>;

    private void StartTraces(TelemetrySettings settings, SpanExporter exporter, string[] sources)
    {
        var provider = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(settings.ToResource())
            .SetSampler(settings.Sampler)
            .AddSource(sources)
            .AddProcessor(new BatchActivityExportProcessor(
                exporter, settings.SpanQueue, settings.SpanDelay, settings.SpanTimeout, settings.SpanBatch))
            .Build();
        ends.Add(limit =>
        {
            provider.Shutdown(limit);
            provider.Dispose();
        });
    }

    private void StartMetrics(
        TelemetrySettings settings, MetricExporter exporter, MetricReaderTemporalityPreference temporality, Func<Instrument, bool> wanted, int series)
    {
        var provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(settings.ToResource())
            .AddMeter(meter.Name)
            .AddView(i => wanted(i) ? new MetricStreamConfiguration { CardinalityLimit = series } : MetricStreamConfiguration.Drop)
            .AddReader(new PeriodicExportingMetricReader(exporter, settings.MetricInterval, settings.MetricTimeout) { TemporalityPreference = temporality })
            .Build();
        ends.Add(limit =>
        {
            provider.Shutdown(limit);
            provider.Dispose();
        });
    }
}
