namespace Sluice.Runtime.Models;

/// <summary>
/// Ends calls that run past the server's timeout though nobody watches them, because all before them were over in a
/// moment. One timer looks at all calls, so that a call itself costs no more than two exchanges of a number.
/// </summary>
internal sealed class RunWatch : IDisposable
{
    private static readonly TimeSpan Slowest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Fastest = TimeSpan.FromMilliseconds(5);

    private readonly Lock sync = new();
    private readonly HashSet<ModelCall> calls = [];
    private readonly TimeProvider time;
    private readonly ITimer? timer;

    /// <param name="timeout">Zero lets calls run without end.</param>
    public RunWatch(TimeSpan timeout, TimeProvider time)
    {
        (Timeout, this.time) = (timeout, time);
        if (timeout <= TimeSpan.Zero)
            return;
        var every = TimeSpan.FromTicks(Math.Clamp(timeout.Ticks / 4, Fastest.Ticks, Slowest.Ticks));
        timer = time.CreateTimer(static watch => ((RunWatch)watch!).Look(), this, every, every);
    }

    public TimeSpan Timeout { get; }

    public void Add(ModelCall call)
    {
        lock (sync)
            calls.Add(call);
    }

    public void Remove(ModelCall call)
    {
        lock (sync)
            calls.Remove(call);
    }

    public void Dispose() => timer?.Dispose();

    private void Look()
    {
        var now = time.GetTimestamp();
        lock (sync)
        {
            foreach (var call in calls)
                call.Unwatched.EndIfLate(call.Frame, began => time.GetElapsedTime(began, now) >= Timeout);
        }
    }
}

/// <summary>
/// One call without a watch of its own. Whoever ends it must be done with its frame before the frame's owner goes on, so
/// both agree by one number.
/// </summary>
internal sealed class UnwatchedRun
{
    private const int Idle = 0, Running = 1, Ending = 2, Ended = 3;

    private int state;
    private long began;

    /// <param name="now">Timestamp.</param>
    public void Begin(long now)
    {
        began = now;
        Volatile.Write(ref state, Running);
    }

    /// <returns>False when it was ended, being late.</returns>
    public bool Finish()
    {
        if (Interlocked.CompareExchange(ref state, Idle, Running) == Running)
            return true;
        SpinWait.SpinUntil(() => Volatile.Read(ref state) == Ended);
        Volatile.Write(ref state, Idle);
        return false;
    }

    public void EndIfLate(Onnx.RunFrame frame, Func<long, bool> isLate)
    {
        if (Volatile.Read(ref state) != Running || !isLate(began))
            return;
        if (Interlocked.CompareExchange(ref state, Ending, Running) != Running)
            return;
        frame.Terminate();
        Volatile.Write(ref state, Ended);
    }
}
