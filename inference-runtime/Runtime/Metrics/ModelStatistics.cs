using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Metrics;

/// <summary>How often, and how long in all.</summary>
internal readonly record struct Accumulated(long Count, long Nanoseconds)
{
    public static Accumulated Of(Histogram histogram) =>
        new(histogram.Cumulative()[^1], (long)(histogram.Sum * 1e9));

    public static Accumulated operator +(Accumulated left, Accumulated right) =>
        new(left.Count + right.Count, left.Nanoseconds + right.Nanoseconds);
}

/// <summary>Totals of one version of a model since it was loaded.</summary>
/// <param name="Success">Requests that were answered.</param>
/// <param name="Failure">Requests that were refused or failed.</param>
/// <param name="Queue">Waiting for a turn.</param>
/// <param name="Inference">Inside ONNX Runtime, once for each request of a run.</param>
/// <param name="Runs">Of one request or several.</param>
internal readonly record struct ModelStatistics(
    Accumulated Success, Accumulated Failure, Accumulated Queue, Accumulated Inference, long Runs);

/// <summary>Adds up durations; takes no lock.</summary>
internal sealed class Accumulator
{
    private long count;
    private long nanoseconds;

    public Accumulated Value => new(Volatile.Read(ref count), Volatile.Read(ref nanoseconds));

    public void Add(TimeSpan duration)
    {
        Interlocked.Increment(ref count);
        Interlocked.Add(ref nanoseconds, (long)duration.TotalNanoseconds);
    }
}
