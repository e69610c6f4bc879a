namespace Sluice.Monitoring.Drift;

/// <summary>Draws rows into cells, the same ones for the same seed.</summary>
internal sealed class Draw(int seed)
{
    /// <summary>From so many expected rows on, the binomial law is as good as normal.</summary>
    private const double Many = 30;

    private readonly Random random = new(seed);

    /// <summary>How many of so many rows fall into each cell.</summary>
    public long[] Counts(long rows, ReadOnlySpan<double> shares)
    {
        var counts = new long[shares.Length];
        var left = rows;
        var rest = 1.0;
        for (var i = 0; i < shares.Length - 1 && left > 0; i++)
        {
            counts[i] = Binomial(left, Math.Clamp(shares[i] / rest, 0, 1));
            left -= counts[i];
            rest -= shares[i];
            if (rest <= 0)
                return counts;
        }
        counts[^1] += left;
        return counts;
    }

    public double Normal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    private long Binomial(long n, double p)
    {
        if (p > 0.5)
            return n - Binomial(n, 1 - p);
        if (n * p > Many)
        {
            var near = (n * p) + (Math.Sqrt(n * p * (1 - p)) * Normal());
            return Math.Clamp((long)Math.Round(near), 0, n);
        }
        if (p == 0)
            return 0;
        // Waiting times between hits.
        long hits = 0, at = 0;
        var none = Math.Log(1 - p);
        while (true)
        {
            at += 1 + (long)Math.Min(n, Math.Floor(Math.Log(1 - random.NextDouble()) / none));
            if (at > n)
                return hits;
            hits++;
        }
    }
}
