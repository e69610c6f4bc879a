using System.Diagnostics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Sluice.Telemetry;

namespace Sluice.Runtime.Tests.Telemetry;

/// <summary>OpenTelemetry's variables mean what its specification says, or are refused by name.</summary>
public sealed class TelemetrySettingsTests
{
    [Fact]
    public void Nothing_is_exported_unless_a_variable_says_so()
    {
        Read().Should().BeNull();
        Read(("OTEL_SERVICE_NAME", "x"), ("OTEL_EXPORTER_OTLP_ENDPOINT", " ")).Should().BeNull();
        Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"), ("OTEL_SDK_DISABLED", "True")).Should().BeNull();
        Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"), ("OTEL_TRACES_EXPORTER", "none"), ("OTEL_METRICS_EXPORTER", "prometheus")).Should().BeNull();
        Read(("OTEL_METRICS_EXPORTER", "otlp,prometheus"))!.Metrics!.Address.Should().Be(new Uri("http://localhost:4318/v1/metrics"));
        Read(("OTEL_TRACES_EXPORTER", "otlp"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"))!.Traces!.Address.Should().Be(new Uri("http://localhost:4317"));
    }

    [Fact]
    public void The_common_endpoint_gets_a_path_per_signal_and_an_own_one_none()
    {
        var settings = Read(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/base/"), ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "https://m/x"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "key=a%20b,other=1"), ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "Key=c"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "3000"))!;

        settings.Traces!.Should().BeEquivalentTo(new OtlpTarget(new Uri("http://c:4318/base/v1/traces"), Grpc: false, [new("key", "a b"), new("other", "1")], 3000));
        settings.Metrics!.Should().BeEquivalentTo(new OtlpTarget(new Uri("https://m/x"), Grpc: false, [new("Key", "c"), new("other", "1")], 3000));
    }

    [Fact]
    public void The_resource_is_the_program_until_somebody_names_it()
    {
        var plain = Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"))!.Resource;
        var named = Read(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"), ("OTEL_RESOURCE_ATTRIBUTES", "service.name=a,team=ml%2Cops"), ("OTEL_SERVICE_NAME", "b"))!.Resource;

        plain.Should().Contain(new KeyValuePair<string, string>("service.name", "sluice-test")).And.Contain(new KeyValuePair<string, string>("service.version", "1"));
        named.Should().Contain(new KeyValuePair<string, string>("service.name", "b")).And.Contain(new KeyValuePair<string, string>("team", "ml,ops"));
        named.Select(static a => a.Key).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Batches_intervals_and_temporality_are_as_asked()
    {
        var settings = Read(
            ("OTEL_TRACES_EXPORTER", "otlp"), ("OTEL_BSP_SCHEDULE_DELAY", "1"), ("OTEL_BSP_EXPORT_TIMEOUT", "2"), ("OTEL_BSP_MAX_QUEUE_SIZE", "20"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4"), ("OTEL_METRIC_EXPORT_INTERVAL", "5"), ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Delta"))!;

        (settings.SpanDelay, settings.SpanTimeout, settings.SpanQueue, settings.SpanBatch).Should().Be((1, 2, 20, 4));
        (settings.MetricInterval, settings.MetricTimeout, settings.Temporality).Should().Be((5, 5, MetricReaderTemporalityPreference.Delta));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "udp")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s")]
    [InlineData("OTEL_TRACES_EXPORTER", "zipkin")]
    [InlineData("OTEL_METRICS_EXPORTER", "otlp,console")]
    [InlineData("OTEL_TRACES_SAMPLER", "sometimes")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "2")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "1m")]
    [InlineData("OTEL_BSP_MAX_QUEUE_SIZE", "0")]
    [InlineData("OTEL_SDK_DISABLED", "perhaps")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "sums")]
    public void What_cannot_be_done_is_refused_by_name(string variable, string value) =>
        FluentActions.Invoking(() => Read(("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c"), ("OTEL_METRICS_EXPORTER", "otlp"), (variable, value)))
            .Should().Throw<TelemetryException>().WithMessage($"{variable} is '{value}'; *");

    [Fact]
    public void A_header_that_is_none_is_refused_without_showing_it() =>
        FluentActions.Invoking(() => Read(("OTEL_TRACES_EXPORTER", "otlp"), ("OTEL_EXPORTER_OTLP_HEADERS", "a=b,secret")))
            .Should().Throw<TelemetryException>().WithMessage("OTEL_EXPORTER_OTLP_HEADERS *2*").Which.Message.Should().NotContain("secret");

    [Theory]
    [InlineData(null, null, 10_000, true, false)]
    [InlineData("always_on", null, 10_000, true, true)]
    [InlineData("always_off", null, 0, false, false)]
    [InlineData("parentbased_always_off", null, 0, true, false)]
    [InlineData("traceidratio", "0.25", 2_500, null, null)]
    [InlineData("parentbased_traceidratio", "0.25", 2_500, true, false)]
    public void A_sampler_takes_its_share_and_heeds_the_caller_where_it_should(string? name, string? argument, int expected, bool? within, bool? withinUnrecorded)
    {
        var sampler = Read(("OTEL_TRACES_EXPORTER", "otlp"), ("OTEL_TRACES_SAMPLER", name ?? ""), ("OTEL_TRACES_SAMPLER_ARG", argument ?? ""))!.Sampler;

        var taken = Enumerable.Range(0, 10_000).Count(_ => Takes(sampler, default, ActivityKind.Server));

        // Five standard deviations of the largest variance.
        taken.Should().BeInRange(expected - 250, expected + 250);
        foreach (var (flags, takes) in new[] { (ActivityTraceFlags.Recorded, within), (ActivityTraceFlags.None, withinUnrecorded) })
        {
            var parent = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);
            if (takes is { } known)
                Takes(sampler, parent, ActivityKind.Server).Should().Be(known);
        }
    }

    [Fact]
    public void A_call_that_belongs_to_no_work_is_left_out() =>
        Takes(Read(("OTEL_TRACES_EXPORTER", "otlp"))!.Sampler, default, ActivityKind.Client).Should().BeFalse();

    static bool Takes(Sampler sampler, ActivityContext parent, ActivityKind kind) => sampler.ShouldSample(new SamplingParameters(
        parent, parent == default ? ActivityTraceId.CreateRandom() : parent.TraceId, "n", kind)).Decision == SamplingDecision.RecordAndSample;

    static TelemetrySettings? Read(params (string Name, string Value)[] variables) =>
        TelemetrySettings.Read("sluice-test", "1", name => variables.LastOrDefault(v => v.Name == name).Value);
}
