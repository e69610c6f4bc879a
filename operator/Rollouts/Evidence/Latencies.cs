using System.Collections.Immutable;

namespace Sluice.Rollouts.Evidence;

/// <summary>How long requests took, in buckets.</summary>
/// <param name="Bounds">Upper bounds in seconds, ascending, each inclusive.</param>
/// <param name="Counts">Of each bucket, and last of what is above all bounds: one more than bounds.</param>
public sealed record Latencies(ImmutableArray<double> Bounds, ImmutableArray<long> Counts)
{
    public static Latencies None { get; } = new([], [0]);

    public long Total => Counts.Sum();

    /// <summary>Observations of the same buckets together.</summary>
    /// <exception cref="ArgumentException">The buckets are others.</exception>
    public Latencies With(Latencies more)
    {
        if (Total == 0)
            return more;
        if (more.Total == 0)
            return this;
        if (!Bounds.AsSpan().SequenceEqual(more.Bounds.AsSpan()))
            throw new ArgumentException("The buckets differ.", nameof(more));
        return this with { Counts = [.. Counts.Zip(more.Counts, static (a, b) => a + b)] };
    }

    /// <summary>The upper bound of the bucket that holds the quantile: NaN of nothing, infinite above all bounds.</summary>
    public double Quantile(double level)
    {
        var total = Total;
        if (total == 0)
            return double.NaN;
        long below = 0;
        for (var i = 0; i < Bounds.Length; i++)
        {
            below += Counts[i];
            if (below >= level * total)
                return Bounds[i];
        }

        return double.PositiveInfinity;
    }

    /// <summary>A confidence sequence for the quantile, in seconds, as exact as the buckets are.</summary>
    /// <remarks>
    /// The quantile is at most b exactly when the share of what is at or below b is at least the level. So the bounds of
    /// buckets are ruled out from both ends by the sequence for that share, and the share that it is tested at is the
    /// same for all of them: nothing is added up over the buckets.
    /// </remarks>
    public Interval Between(double level, double alpha)
    {
        var total = Total;
        if (total == 0)
            return new Interval(0, double.PositiveInfinity);
        var below = new long[Bounds.Length];
        long sum = 0;
        for (var i = 0; i < below.Length; i++)
            below[i] = sum += Counts[i];
        var limit = Math.Log(1 / alpha);
        // The evidence falls towards the level and grows behind it.
        var lower = Search.First(below.Length, i => below[i] >= level * total || !Refuted(below[i])) - 1;
        var upper = Search.First(below.Length, i => below[i] > level * total && Refuted(below[i]));
        return new Interval(lower < 0 ? 0 : Bounds[lower], upper == below.Length ? double.PositiveInfinity : Bounds[upper]);

        bool Refuted(long share) => Sequences.Against(new Tally(share, total), level) >= limit;
    }
}

internal static class Search
{
    /// <summary>The first number from 0 on of which it is true, when it stays true from there on; else the count.</summary>
    public static int First(int count, Func<int, bool> isTrue)
    {
        int low = 0, high = count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (isTrue(middle))
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
