namespace Sluice.Kubernetes.Queue;

/// <summary>
/// A token bucket that never says no, only when: the level may go below zero, and whoever takes it there waits until
/// it would have been refilled. Callers serialise the calls.
/// </summary>
internal sealed class RetryBudget(double perSecond, int burst, TimeProvider time)
{
    private double _tokens = burst;
    private long _filled = time.GetTimestamp();

    public TimeSpan Take()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + time.GetElapsedTime(_filled, now).TotalSeconds * perSecond);
        _filled = now;
        _tokens -= 1;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / perSecond);
    }
}
