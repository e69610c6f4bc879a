using System.Collections.Concurrent;

namespace Sluice.LocalCluster.Kubelet.Usage;

/// <summary>One look at a container.</summary>
/// <param name="CpuCores">Mean of the last <see cref="ResourceUsage.Window"/>.</param>
/// <param name="MemoryBytes">Now.</param>
/// <param name="At">When it was taken.</param>
internal sealed record ContainerUsage(double CpuCores, long MemoryBytes, DateTimeOffset At);

/// <summary>
/// What the containers use, measured from /proc each second: the source of the autoscaler, and of the enforcement of
/// memory limits. A container above its limit is ended at the next look, where a kernel would do it at the allocation.
/// </summary>
internal sealed class ResourceUsage(TimeProvider time)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>CPU is averaged over this time, as the metrics server of a real cluster does.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<(string PodUid, string Container), Tracked> _tracked = new();

    /// <summary>Begins to measure; <paramref name="overLimit"/> is called once when memory exceeds the limit.</summary>
    internal void Track(string podUid, string container, int session, decimal? memoryLimit, Action overLimit) =>
        _tracked[(podUid, container)] = new Tracked(session, memoryLimit, overLimit);

    internal void Forget(string podUid, string container) => _tracked.TryRemove((podUid, container), out _);

    /// <summary>The containers of a pod that have been measured for long enough to tell.</summary>
    internal IReadOnlyDictionary<string, ContainerUsage> Of(string podUid) => _tracked
        .Where(pair => pair.Key.PodUid == podUid && pair.Value.Latest is not null)
        .ToDictionary(pair => pair.Key.Container, pair => pair.Value.Latest!);

    internal async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancel))
            Measure();
    }

    internal void Measure()
    {
        var usage = ProcessTable.Read(_tracked.Values.Select(t => t.Session).ToHashSet());
        var now = time.GetUtcNow();
        foreach (var tracked in _tracked.Values)
        {
            if (usage.TryGetValue(tracked.Session, out var value))
                tracked.Take(value, now);
        }
    }

    private sealed class Tracked(int session, decimal? memoryLimit, Action overLimit)
    {
        private readonly Queue<(DateTimeOffset At, double Cpu)> _samples = new();
        private bool _reported;

        internal int Session => session;

        internal ContainerUsage? Latest { get; private set; }

        internal void Take(SessionUsage usage, DateTimeOffset now)
        {
            _samples.Enqueue((now, usage.CpuSeconds));
            while (_samples.Count > 2 && now - _samples.Peek().At > Window)
                _samples.Dequeue();
            var (first, cpu) = _samples.Peek();
            if (now > first)
                Latest = new ContainerUsage(Math.Max(0, usage.CpuSeconds - cpu) / (now - first).TotalSeconds, usage.MemoryBytes, now);
            if (usage.MemoryBytes > memoryLimit && !_reported)
            {
                _reported = true;
                overLimit();
            }
        }
    }
}
