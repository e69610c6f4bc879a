using System.Diagnostics;
using Sluice.Contract.Metrics;
using Sluice.Onnx;

namespace Sluice.Runtime.Metrics;

/// <summary>Numbers of the process itself, read at each scrape.</summary>
internal static class ProcessMetrics
{
    public static void Register(MetricRegistry registry, RunGate gate, string version, string revision)
    {
        registry.Gauge(
            MetricNames.BuildInfo, "Always 1.", MetricNames.VersionLabel, MetricNames.RevisionLabel, "onnxruntime")
            .With(version, revision, OnnxEnvironment.Instance.Version).Set(1);
        registry.ObserveGauge(MetricNames.QueueLength, "Calls that wait for a turn.", () => gate.Waiting);
        registry.ObserveGauge(MetricNames.ProcessMemory, "Resident memory.", () => Environment.WorkingSet);
        registry.ObserveCounter(
            MetricNames.ProcessCpu, "User and system CPU time.", () => Environment.CpuUsage.TotalTime.TotalSeconds);
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0;
        registry.ObserveGauge(MetricNames.ProcessStart, "When the process started, as Unix time.", () => started);
        registry.ObserveGauge(MetricNames.ProcessThreads, "Operating system threads.", Threads);
        registry.ObserveGauge(MetricNames.ManagedHeap, "Managed heap.", () => GC.GetTotalMemory(forceFullCollection: false));
        registry.ObserveCounter(
            MetricNames.ManagedAllocated, "Managed memory allocated so far.", () => GC.GetTotalAllocatedBytes());
    }

    private static double Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
