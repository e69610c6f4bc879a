namespace Sluice.Kubernetes.Queue;

/// <summary>Exponential waits with full jitter above a half: between half and all of first·2ⁿ, at most the cap.</summary>
public sealed record Backoff(TimeSpan First, TimeSpan Cap)
{
    /// <summary>The wait after <paramref name="failures"/> earlier ones in a row.</summary>
    public TimeSpan Delay(int failures, Jitter jitter)
    {
        var ceiling = Ceiling(failures);
        return jitter.Between(ceiling / 2, ceiling);
    }

    /// <summary>The longest that <see cref="Delay"/> can be.</summary>
    public TimeSpan Ceiling(int failures)
    {
        // 2^62 overflows long before; the cap is reached much earlier.
        var ticks = First.Ticks * Math.Pow(2, Math.Clamp(failures, 0, 62));
        return ticks >= Cap.Ticks ? Cap : TimeSpan.FromTicks((long)ticks);
    }
}
