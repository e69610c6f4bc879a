using Microsoft.AspNetCore.Http.Features;

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
    private IHttpRequestLifetimeFeature? caller;
    private CancellationToken aborted;
    private long began;

    /// <summary>The shortest timeout so far, counted from the call's beginning; null when there is none.</summary>
    public TimeSpan? Timeout { get; private set; }

    /// <summary>Fires when the timeout is over or the client goes away.</summary>
    public CancellationToken Token => Timeout is null ? ClientGone : source!.Token;

    /// <summary>The same for who hears of the client's going away otherwise; without a timeout it costs nothing.</summary>
    public CancellationToken TimeoutToken => Timeout is null ? default : source!.Token;

    /// <summary>The server makes a token for each call that asks for one.</summary>
    private CancellationToken ClientGone => caller?.RequestAborted ?? aborted;

    public void Start(TimeProvider clock, IHttpRequestLifetimeFeature client)
    {
        Start(clock, CancellationToken.None);
        caller = client;
    }

    public void Start(TimeProvider clock, CancellationToken clientGone)
    {
        (time, aborted, caller) = (clock, clientGone, null);
        began = clock.GetTimestamp();
    }

    /// <summary>The call may take so long from its beginning, and no longer.</summary>
    public void Limit(TimeSpan timeout)
    {
        if (Timeout <= timeout)
            return;
        if (Timeout is null)
        {
            source ??= new CancellationTokenSource(System.Threading.Timeout.InfiniteTimeSpan, time);
            link = ClientGone.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), source);
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
        (aborted, caller) = (default, null);
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
