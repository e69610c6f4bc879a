using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Contract.Metrics;
using Sluice.Support;
using Sluice.Support.Telemetry;
using Sluice.Telemetry;

namespace Sluice.Runtime.Tests.Telemetry;

/// <summary>What a scrape shows arrives at an OTLP receiver as well, over both transports.</summary>
public sealed class MetricExportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metrics_arrive_as_a_scrape_would_show_them(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var registry = new MetricRegistry();
        var early = registry.Histogram(MetricDescriptor.Histogram("early_seconds", "Has a series already."), [0.1, 1]).With();
        await using (Start(receiver, grpc, registry))
        {
            registry.Counter(MetricDescriptor.Counter("c_total", "Counts.", "a", "b")).With("x", "ü").Add(3);
            registry.Gauge(MetricDescriptor.Gauge("g_bytes", "A gauge.")).With().Set(-1.5);
            registry.Gauge(MetricDescriptor.Gauge("empty", "Has no series."));
            registry.Observe(MetricDescriptor.Gauge("read", "Is read."), () => 42);
            var histogram = registry.Histogram(MetricDescriptor.Histogram("h_seconds", "A histogram.", "m"), [0.1, 1]).With("z");
            foreach (var value in new[] { -2, 0.05, 0.1, 7 })
                histogram.Observe(value);
            early.Observe(0.5);
        }

        // The receiver prints before it answers; what it printed is read a moment later.
        await Eventually.TrueAsync(() => receiver.Metrics.Count >= 5, "all that has series has arrived");
        var metrics = receiver.Metrics.ToDictionary(static m => m.Name);
        metrics.Keys.Should().BeEquivalentTo("early_seconds", "c_total", "g_bytes", "read", "h_seconds");
        var sum = metrics["c_total"].Data.GetProperty("sum");
        (sum.GetProperty("isMonotonic").GetBoolean(), sum.GetProperty("aggregationTemporality").GetInt32()).Should().Be((true, 2));
        (Value(metrics["c_total"].Points("sum").Single()), new OtlpAttributes(metrics["c_total"].Points("sum")[0])["b"]).Should().Be((3, "ü"));
        (metrics["g_bytes"].Unit, Value(metrics["g_bytes"].Points("gauge").Single())).Should().Be(("By", -1.5));
        Value(metrics["read"].Points("gauge").Single()).Should().Be(42);
        var point = metrics["h_seconds"].Points("histogram").Single();
        (metrics["h_seconds"].Unit, point.GetProperty("count").GetString()).Should().Be(("s", "4"));
        point.GetProperty("sum").GetDouble().Should().BeApproximately(5.15, 1e-9);
        point.GetProperty("bucketCounts").EnumerateArray().Select(static b => b.GetString()).Should().Equal("3", "0", "1");
        point.GetProperty("explicitBounds").EnumerateArray().Select(static b => b.GetDouble()).Should().Equal(0.1, 1);
        metrics["early_seconds"].Points("histogram").Single().GetProperty("count").GetString().Should().Be("1");
        receiver.Received("api-key", "k e y").Should().BeTrue();
    }

    [Fact]
    public async Task A_series_that_is_gone_is_not_shown_for_ever()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var registry = new MetricRegistry();
        var gauge = registry.Gauge(MetricDescriptor.Gauge("ready", "Of a service.", "name"));
        gauge.With("kept").Set(1);
        gauge.With("deleted").Set(1);
        await using (Start(receiver, grpc: false, registry, interval: 20))
        {
            await Eventually.TrueAsync(() => receiver.Metrics.Any(static m => m.Points("gauge").Count == 2), "both are shown");
            gauge.Remove("name", "deleted");
        }

        await Eventually.TrueAsync(
            () => receiver.Metrics[^1].Points("gauge").Select(static p => new OtlpAttributes(p)["name"]).SequenceEqual(["kept"]), "the last export shows one");
    }

    static double Value(JsonElement point) => point.GetProperty("asDouble").GetDouble();

    static TelemetryExport Start(OtlpReceiver receiver, bool grpc, MetricRegistry registry, int interval = 60_000) => TelemetryExport.Start(
        TelemetrySettings.Read("sluice-test", "1", name => name switch
        {
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" => grpc ? receiver.Grpc.ToString() : $"{receiver.Http}v1/metrics",
            "OTEL_EXPORTER_OTLP_PROTOCOL" => grpc ? "grpc" : null,
            "OTEL_EXPORTER_OTLP_HEADERS" => "api-key=k%20e%20y",
            "OTEL_METRIC_EXPORT_INTERVAL" => interval.ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => null,
        })!,
        $"test-{Guid.NewGuid():N}", registry, 100, [], TimeProvider.System, NullLogger.Instance, lastTry: TimeSpan.FromMinutes(1));
}
