namespace Sluice.Runtime.Grpc.Calls;

/// <summary>
/// What ends a call early: the client's deadline or its going away, in one token. Its source is used again for the
/// next call as long as it has not fired.
/// </summary>
internal sealed class Deadline
{
    private CancellationTokenSource? source;
    private CancellationTokenRegistration link;

    /// <summary>Fires at the deadline, and when the client goes away.</summary>
    public CancellationToken Token { get; private set; }

    /// <param name="timeout">Null when the client set none.</param>
    public void Start(TimeSpan? timeout, TimeProvider time, CancellationToken aborted)
    {
        if (timeout is not { } after)
        {
            Token = aborted;
            return;
        }
        source ??= new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Token = source.Token;
        link = aborted.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), source);
        if (after > TimeSpan.Zero)
            source.CancelAfter(after);
        else
            source.Cancel();
    }

    public void End()
    {
        Token = default;
        if (source is not { } used)
            return;
        link.Dispose();
        link = default;
        if (used.TryReset())
            return;
        used.Dispose();
        source = null;
    }
}
