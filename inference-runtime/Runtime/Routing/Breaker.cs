namespace Sluice.Runtime.Routing;

/// <summary>
/// Spares requests the wait for a revision that just now answered nobody. After some silences in a row it lets one
/// request through at a time, and all of them again once one was answered. An answer of any kind, a failure included,
/// is no silence: it costs the user nothing to have asked.
/// </summary>
internal sealed class Breaker(TimeProvider time)
{
    /// <summary>Silences in a row; one that broke off by chance must not close the way.</summary>
    public const int Silences = 5;

    /// <summary>Between two tries of a revision that is silent.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly long pause = (long)(Pause.TotalSeconds * time.TimestampFrequency);
    private int silent;
    private long next;

    /// <summary>Whether a request may be sent; the one that finds the pause over is the next try.</summary>
    public bool Allows()
    {
        if (Volatile.Read(ref silent) < Silences)
            return true;
        var due = Volatile.Read(ref next);
        var now = time.GetTimestamp();
        return now >= due && Interlocked.CompareExchange(ref next, now + pause, due) == due;
    }

    /// <summary>The revision answered.</summary>
    public void Answered()
    {
        // Written only on a change: the line is read by every request.
        if (Volatile.Read(ref silent) != 0)
            Volatile.Write(ref silent, 0);
    }

    /// <summary>The revision could not be reached, or did not answer in time.</summary>
    public void Silent()
    {
        if (Interlocked.Increment(ref silent) == Silences)
            Volatile.Write(ref next, time.GetTimestamp() + pause);
    }
}
