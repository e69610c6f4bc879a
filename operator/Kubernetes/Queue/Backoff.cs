namespace Sluice.Kubernetes.Queue;

/// <summary>Exponential waits with jitter: evenly between a share and all of first·2ⁿ, at most the cap.</summary>
public sealed record Backoff(TimeSpan First, TimeSpan Cap)
{
    /// <summary>The smallest share of the full wait: 0 is full jitter, 1 is none.</summary>
    public double Floor { get; init; } = 0.5;

    /// <summary>The wait after <paramref name="failures"/> earlier ones in a row.</summary>
    public TimeSpan Delay(int failures, Jitter jitter)
    {
        var ceiling = Ceiling(failures);
        return jitter.Between(ceiling * Floor, ceiling);
    }

    /// <summary>The longest that <see cref="Delay"/> can be.</summary>
    public TimeSpan Ceiling(int failures)
    {
        // The power would leave the range of ticks long after the cap has been reached.
        var ticks = First.Ticks * Math.Pow(2, Math.Clamp(failures, 0, 62));
        return ticks >= Cap.Ticks ? Cap : TimeSpan.FromTicks((long)ticks);
    }
}
