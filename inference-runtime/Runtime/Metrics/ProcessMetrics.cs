using Sluice.Contract.Metrics;
using Sluice.Onnx;

namespace Sluice.Runtime.Metrics;

/// <summary>What this process is, and what waits in it.</summary>
internal static class ProcessMetrics
{
    public static void Register(MetricRegistry registry, RunGate gate, string version, string revision)
    {
        registry.Gauge(RuntimeCatalog.Of(MetricNames.BuildInfo))
            .With(version, revision, OnnxEnvironment.Instance.Version).Set(1);
        registry.Observe(RuntimeCatalog.Of(MetricNames.QueueLength), () => gate.Waiting);
        ProcessSeries.Register(registry);
    }
}
