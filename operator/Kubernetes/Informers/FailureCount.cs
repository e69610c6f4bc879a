namespace Sluice.Kubernetes.Informers;

/// <summary>Failures in a row; a long enough time without one starts the count again.</summary>
internal sealed class FailureCount(TimeProvider time, TimeSpan healthyAfter)
{
    private int _count;
    private long? _last;
    private long? _lastGone;

    /// <summary>How many there were before this one.</summary>
    public int Next()
    {
        if (_last is { } last && time.GetElapsedTime(last) >= healthyAfter)
            _count = 0;
        _last = time.GetTimestamp();
        return _count++;
    }

    /// <summary>A version that is gone right after a new list: listing at once again would spin.</summary>
    public bool IsRepeatedGone()
    {
        var repeated = _lastGone is { } last && time.GetElapsedTime(last) < TimeSpan.FromSeconds(1);
        _lastGone = time.GetTimestamp();
        return repeated;
    }
}
