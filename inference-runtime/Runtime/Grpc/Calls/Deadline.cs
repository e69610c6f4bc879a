namespace Sluice.Runtime.Grpc.Calls;

/// <summary>
/// What ends a call early, in one token: the client's going away and the shortest of the timeouts that hold for it. Its
/// source is used again for the next call as long as it has not fired.
/// </summary>
internal sealed class Deadline
{
    private CancellationTokenSource? source;
    private CancellationTokenRegistration link;
    private TimeProvider time = TimeProvider.System;
    private CancellationToken aborted;
    private long began;

    /// <summary>The shortest timeout so far, counted from the call's beginning; null when there is none.</summary>
    public TimeSpan? Timeout { get; private set; }

    /// <summary>Fires when the timeout is over or the client goes away.</summary>
    public CancellationToken Token { get; private set; }

    public void Start(TimeProvider clock, CancellationToken clientGone)
    {
        (time, aborted) = (clock, clientGone);
        began = clock.GetTimestamp();
        Token = clientGone;
    }

    /// <summary>The call may take so long from its beginning, and no longer.</summary>
    public void Limit(TimeSpan timeout)
    {
        if (Timeout <= timeout)
            return;
        if (Timeout is null)
        {
            source ??= new CancellationTokenSource(System.Threading.Timeout.InfiniteTimeSpan, time);
            Token = source.Token;
            link = aborted.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), source);
        }
        Timeout = timeout;
        var left = timeout - time.GetElapsedTime(began);
        if (left > TimeSpan.Zero)
            source!.CancelAfter(left);
        else
            source!.Cancel();
    }

    public void End()
    {
        Token = default;
        if (Timeout is null)
            return;
        Timeout = null;
        link.Dispose();
        link = default;
        if (source!.TryReset())
            return;
        source.Dispose();
        source = null;
    }
}
