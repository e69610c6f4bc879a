using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Contract.Metrics;
using Sluice.Monitoring.Profiles;
using Sluice.Monitoring.Recording;
using Sluice.Onnx;
using Sluice.Runtime.Models;
using Sluice.Runtime.Monitoring;

namespace Sluice.Runtime.Tests.Monitoring;

public sealed class MonitorSizeTests
{
    [Fact]
    public void A_model_of_a_hundred_features_is_watched_in_less_than_a_megabyte()
    {
        ImmutableArray<Port> inputs = [new Port(new ValueInfo("x", new TensorType(ElementType.Float, [new(-1), new(100)])), required: true, isInput: true)];
        ImmutableArray<Port> outputs = [new Port(new ValueInfo("y", new TensorType(ElementType.Float, [new(-1), new(10)])), required: true, isInput: false)];
        var baseline = new Profile(
            20_000,
            [.. Enumerable.Range(0, 100).Select(static i => Sample($"x[{i}]"))],
            [.. Enumerable.Range(0, 10).Select(static i => Sample($"y[{i}]"))]);
        var series = new MonitorSeries(new MonitorMetrics(new MetricRegistry()), "m", "1", "r");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var monitor = new ModelMonitor(inputs, outputs, baseline, new MonitorSettings(), series, TimeProvider.System, NullLogger.Instance);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        bytes.Should().BeLessThan(1 << 20, "what is allocated at the start is kept, and a window adds only its counts");
        monitor.Unwatched.Should().BeEmpty();
    }

    private static FeatureProfile Sample(string name)
    {
        var sample = new NumberSample(name);
        for (var i = 0; i < 1000; i++)
            sample.Add((double)i);
        return sample.Take();
    }
}
