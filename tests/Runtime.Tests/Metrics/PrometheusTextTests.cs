using System.Text;
using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Tests.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Families_series_and_escapes_are_written_as_Prometheus_reads_them()
    {
        var registry = new MetricRegistry();
        var counter = registry.Counter(MetricDescriptor.Counter("c_total", "Counts \\ things\nhere.", "a", "b"));
        counter.With("x\"y", "back\\slash\nline").Add(2);
        counter.With("a", "").Increment();
        registry.Gauge(MetricDescriptor.Gauge("g", "A gauge.")).With().Set(double.NaN);
        var histogram = registry.Histogram(MetricDescriptor.Histogram("h_seconds", "A histogram.", "m"), [0.1, 1]).With("z");
        histogram.Observe(0.1);
        histogram.Observe(0.5);
        histogram.Observe(7);
        registry.Observe(MetricDescriptor.Gauge("o", "Observed."), () => 1.5);

        Encoding.UTF8.GetString(registry.ToPrometheusText().Span).Should().Be(
            """
            # HELP c_total Counts \\ things\nhere.
            # TYPE c_total counter
            c_total{a="a",b=""} 1
            c_total{a="x\"y",b="back\\slash\nline"} 2
            # HELP g A gauge.
            # TYPE g gauge
            g NaN
            # HELP h_seconds A histogram.
            # TYPE h_seconds histogram
            h_seconds_bucket{m="z",le="0.1"} 1
            h_seconds_bucket{m="z",le="1"} 2
            h_seconds_bucket{m="z",le="+Inf"} 3
            h_seconds_sum{m="z"} 7.6
            h_seconds_count{m="z"} 3
            # HELP o Observed.
            # TYPE o gauge
            o 1.5

            """);
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_record_at_a_time()
    {
        var registry = new MetricRegistry();
        var counter = registry.Counter(MetricDescriptor.Counter("c", "C.")).With();
        var histogram = registry.Histogram(MetricDescriptor.Histogram("h", "H.")).With();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Increment();
                histogram.Observe(0.25);
            }
        })));

        counter.Value.Should().Be(80_000);
        histogram.Cumulative()[^1].Should().Be(80_000);
        histogram.Sum.Should().Be(20_000);
    }

    [Fact]
    public void Bounds_rise_by_half_at_most()
    {
        var bounds = HistogramBounds.Seconds;

        bounds[0].Should().Be(2e-5);
        bounds[^1].Should().Be(60);
        bounds.Zip(bounds.Skip(1)).Should().OnlyContain(p => p.Second > p.First && p.Second <= p.First * 1.5001);
    }

    [Fact]
    public async Task Requests_are_counted_by_model_protocol_and_code()
    {
        await using var runtime = await TestRuntime.StartAsync("iris/2", "iris");
        await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[1,2,3,4]]}""");
        await runtime.PostAsync("/v1/models/iris:predict", """{"instances":[[1,2,3]]}""");
        await runtime.PostAsync("/v1/models/none:predict", "{}");

        var text = await runtime.MetricsAsync();

        text.Should().Contain("""sluice_requests_total{model="iris",version="1",revision="r1",protocol="v1",code="200"} 1""");
        text.Should().Contain("""sluice_requests_total{model="iris",version="1",revision="r1",protocol="v1",code="400"} 1""");
        text.Should().Contain("""sluice_rejected_requests_total{reason="model"} 1""");
        text.Should().Contain("""sluice_inference_duration_seconds_count{model="iris",version="1",revision="r1"} 1""");
        text.Should().Contain("""sluice_model_ready{model="iris",version="1",revision="r1"} 1""");
    }
}
