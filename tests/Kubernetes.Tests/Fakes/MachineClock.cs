using System.Collections.Concurrent;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Fakes;

/// <summary>The clock of one machine: its wall clock is off, and one can see whether anything waits for it.</summary>
internal sealed class MachineClock(ManualTime time, TimeSpan skew) : TimeProvider
{
    private readonly ConcurrentDictionary<object, bool> _armed = new();

    public bool HasArmedTimer => !_armed.IsEmpty;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + skew;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SeenTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SeenTimer : ITimer
    {
        private readonly MachineClock _clock;
        private readonly ITimer _inner;

        public SeenTimer(MachineClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _inner = clock.Real.CreateTimer(
                s =>
                {
                    clock._armed.TryRemove(this, out _);
                    callback(s);
                },
                state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
                _clock._armed.TryRemove(this, out _);
            else
                _clock._armed[this] = true;
            return _inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            _clock._armed.TryRemove(this, out _);
            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private ManualTime Real => time;
}
