namespace Sluice.Runtime.Models;

/// <summary>
/// Ends calls that outlast the server's timeout, or their callers, though they have no watch of their own because all
/// before them were over in a moment. One timer looks at all calls, so that a call itself costs no more than two
/// exchanges of a number.
/// </summary>
internal sealed class RunWatch : IDisposable
{
    private static readonly TimeSpan Slowest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Fastest = TimeSpan.FromMilliseconds(5);

    private readonly Lock sync = new();
    private readonly HashSet<ModelCall> calls = [];
    private readonly TimeProvider time;
    private readonly TimeSpan every;
    private readonly ITimer timer;

    /// <param name="timeout">Zero lets calls run as long as their callers wait.</param>
    public RunWatch(TimeSpan timeout, TimeProvider time)
    {
        (Timeout, this.time) = (timeout, time);
        every = timeout > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Clamp(timeout.Ticks / 4, Fastest.Ticks, Slowest.Ticks)) : Slowest;
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

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        var now = time.GetTimestamp();
        lock (sync)
        {
            foreach (var call in calls)
            {
                if (call.Unwatched.Began is not { } began)
                    continue;
                var took = time.GetElapsedTime(began, now);
                if (took >= every)
                    call.Unwatched.Look(call.Frame, isLate: Timeout > TimeSpan.Zero && took >= Timeout);
            }
        }
    }
}
