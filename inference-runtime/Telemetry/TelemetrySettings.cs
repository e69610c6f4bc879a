using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Sluice.Telemetry;

/// <summary>What the environment says in OpenTelemetry's own variables. Times are milliseconds.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Null exports none.</summary>
    public OtlpTarget? Traces { get; init; }

    /// <summary>Null exports none.</summary>
    public OtlpTarget? Metrics { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Resource { get; init; }

    public required Sampler Sampler { get; init; }

    public required int SpanDelay { get; init; }

    public required int SpanTimeout { get; init; }

    public required int SpanQueue { get; init; }

    public required int SpanBatch { get; init; }

    public required int MetricInterval { get; init; }

    public required int MetricTimeout { get; init; }

    public required MetricReaderTemporalityPreference Temporality { get; init; }

    /// <param name="service">The program's name, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES gives another one.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="variable">Reads a variable.</param>
    /// <returns>Null when nothing is to be exported.</returns>
    /// <exception cref="TelemetryException">A variable says what cannot be done.</exception>
    public static TelemetrySettings? Read(string service, string version, Func<string, string?> variable)
    {
        var from = new Variables(variable);
        if (from.Flag("OTEL_SDK_DISABLED"))
            return null;
        var (traces, metrics) = (OtlpTarget.Read(from, "TRACES"), OtlpTarget.Read(from, "METRICS"));
        if (traces is null && metrics is null)
            return null;
        var queue = from.Number("OTEL_BSP_MAX_QUEUE_SIZE", 2048);
        var batch = from.Number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", Math.Min(512, queue));
        if (batch > queue)
            throw new TelemetryException($"OTEL_BSP_MAX_EXPORT_BATCH_SIZE is {batch}; it cannot be above OTEL_BSP_MAX_QUEUE_SIZE, which is {queue}.");
        var interval = from.Number("OTEL_METRIC_EXPORT_INTERVAL", 60_000);
        return new TelemetrySettings
        {
            Traces = traces,
            Metrics = metrics,
            Resource = ResourceOf(from, service, version),
            Sampler = new WithinWork(SamplerOf(from)),
            SpanDelay = from.Number("OTEL_BSP_SCHEDULE_DELAY", 5_000),
            SpanTimeout = from.Number("OTEL_BSP_EXPORT_TIMEOUT", 30_000),
            SpanQueue = queue,
            SpanBatch = batch,
            MetricInterval = interval,
            MetricTimeout = from.Number("OTEL_METRIC_EXPORT_TIMEOUT", Math.Min(30_000, interval)),
            Temporality = TemporalityOf(from),
        };
    }

    internal ResourceBuilder ToResource() => ResourceBuilder.CreateEmpty().AddTelemetrySdk()
        .AddAttributes(Resource.Select(static a => new KeyValuePair<string, object>(a.Key, a.Value)));

    private static Sampler SamplerOf(Variables from)
    {
        const string Name = "OTEL_TRACES_SAMPLER";
        var share = from.Share("OTEL_TRACES_SAMPLER_ARG");
        return from.Text(Name) switch
        {
            null or "parentbased_always_on" => new ParentBasedSampler(new AlwaysOnSampler()),
            "always_on" => new AlwaysOnSampler(),
            "always_off" => new AlwaysOffSampler(),
            "traceidratio" => new TraceIdRatioBasedSampler(share),
            "parentbased_always_off" => new ParentBasedSampler(new AlwaysOffSampler()),
            "parentbased_traceidratio" => new ParentBasedSampler(new TraceIdRatioBasedSampler(share)),
            var text => throw new TelemetryException(
                $"{Name} is '{text}'; there are always_on, always_off, traceidratio, and each of them with parentbased_ before it."),
        };
    }

    private static MetricReaderTemporalityPreference TemporalityOf(Variables from)
    {
        const string Name = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
        return from.Text(Name)?.ToLowerInvariant() switch
        {
            null or "cumulative" => MetricReaderTemporalityPreference.Cumulative,
            "delta" => MetricReaderTemporalityPreference.Delta,
            "lowmemory" => MetricReaderTemporalityPreference.LowMemory,
            var text => throw new TelemetryException($"{Name} is '{text}'; there are cumulative, delta and lowmemory."),
        };
    }

    private static List<KeyValuePair<string, string>> ResourceOf(Variables from, string service, string version)
    {
        List<KeyValuePair<string, string>> all =
        [
            new("service.name", service),
            new("service.version", version),
            new("service.instance.id", Environment.MachineName),
            .. from.Pairs("OTEL_RESOURCE_ATTRIBUTES"),
        ];
        if (from.Text("OTEL_SERVICE_NAME") is { } name)
            all.Add(new("service.name", name));
        // Of each key what was said last.
        return [.. all.GroupBy(static p => p.Key, StringComparer.Ordinal).Select(static g => g.Last())];
    }
}
