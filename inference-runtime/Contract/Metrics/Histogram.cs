using System.Collections.Immutable;

namespace Sluice.Contract.Metrics;

/// <summary>Counts of observations by size. Recording takes no lock.</summary>
public sealed class Histogram
{
    private readonly double[] bounds;
    private readonly long[] counts;
    private double sum;
    private volatile Action<double>? heard;

    /// <param name="bounds">Upper bounds, ascending, each inclusive; a last bucket holds what is above them.</param>
    public Histogram(ImmutableArray<double> bounds)
    {
        this.bounds = [.. bounds];
        counts = new long[bounds.Length + 1];
    }

    public ReadOnlySpan<double> Bounds => bounds;

    public double Sum => Volatile.Read(ref sum);

    public void Observe(double value)
    {
        Interlocked.Increment(ref counts[Bucket(value)]);
        Atomic.Add(ref sum, value);
        heard?.Invoke(value);
    }

    /// <summary>From now on every observation is told as well.</summary>
    internal void Tell(Action<double> to) => heard = to;

    /// <summary>Observations at or below each bound, and of all at the end, as Prometheus wants them.</summary>
    public long[] Cumulative()
    {
        var result = new long[counts.Length];
        long total = 0;
        for (var i = 0; i < counts.Length; i++)
            result[i] = total += Volatile.Read(ref counts[i]);
        return result;
    }

    private int Bucket(double value)
    {
        int low = 0, high = bounds.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (value <= bounds[middle])
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}

public static class HistogramBounds
{
    /// <summary>
    /// 20 µs to 60 s, each at most 1.5 times the one before: fine enough to tell a p95 from one 1.2 times as high by
    /// interpolation, coarse enough for a scrape each second.
    /// </summary>
    public static ImmutableArray<double> Seconds { get; } = Make();

    /// <summary>For what people wait for: a second to a day.</summary>
    public static ImmutableArray<double> Long { get; } = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400];

    private static ImmutableArray<double> Make()
    {
        var bounds = ImmutableArray.CreateBuilder<double>();
        foreach (var decade in (ReadOnlySpan<double>)[1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10])
        {
            foreach (var step in (ReadOnlySpan<double>)[1, 1.5, 2, 3, 4, 6, 8])
            {
                var bound = Math.Round(decade * step, 7);
                if (bound is >= 2e-5 and <= 60)
                    bounds.Add(bound);
            }
        }
        return bounds.ToImmutable();
    }
}
