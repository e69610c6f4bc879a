using System.Collections.Immutable;
using System.Diagnostics;

namespace Sluice.Contract.Metrics;

/// <summary>Numbers of the process itself, read at each scrape; the same for every program.</summary>
public static class ProcessSeries
{
    private static readonly MetricDescriptor Memory = MetricDescriptor.Gauge(MetricNames.ProcessMemory, "Resident memory.");
    private static readonly MetricDescriptor Cpu = MetricDescriptor.Counter(MetricNames.ProcessCpu, "User and system CPU time.");
    private static readonly MetricDescriptor Start = MetricDescriptor.Gauge(MetricNames.ProcessStart, "When the process started, as Unix time.");
    private static readonly MetricDescriptor Threads = MetricDescriptor.Gauge(MetricNames.ProcessThreads, "Operating system threads.");
    private static readonly MetricDescriptor Heap = MetricDescriptor.Gauge(MetricNames.ManagedHeap, "Managed heap.");
    private static readonly MetricDescriptor Allocated = MetricDescriptor.Counter(MetricNames.ManagedAllocated, "Managed memory allocated so far.");

    public static ImmutableArray<MetricDescriptor> Metrics { get; } = [Memory, Cpu, Start, Threads, Heap, Allocated];

    public static void Register(MetricRegistry registry)
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0;
        registry.Observe(Memory, static () => Environment.WorkingSet);
        registry.Observe(Cpu, static () => Environment.CpuUsage.TotalTime.TotalSeconds);
        registry.Observe(Start, () => started);
        registry.Observe(Threads, CountThreads);
        registry.Observe(Heap, static () => GC.GetTotalMemory(forceFullCollection: false));
        registry.Observe(Allocated, static () => GC.GetTotalAllocatedBytes());
    }

    private static double CountThreads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
