namespace Sluice.Support.Time;

/// <summary>
/// A clock that moves when a test says so. Timers fire on the thread that advances it, in the order in which they are
/// due, see the time at which they were due, and take with them what they wake. The wall clock can be set off against the monotonic one.
/// </summary>
public sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _elapsed;
    private TimeSpan _skew;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Since the start.</summary>
    public TimeSpan Elapsed
    {
        get { lock (_gate) return _elapsed; }
    }

    /// <summary>How long until the first armed timer fires; null when none is armed.</summary>
    public TimeSpan? NextDue
    {
        get { lock (_gate) return _timers.Min(t => t.Due) - _elapsed; }
    }

    /// <summary>How long until each armed timer fires, in order.</summary>
    public IReadOnlyList<TimeSpan> Armed
    {
        get { lock (_gate) return [.. _timers.Where(t => t.Due is not null).Select(t => t.Due!.Value - _elapsed).Order()]; }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _start + _elapsed + _skew;
    }

    public override long GetTimestamp()
    {
        lock (_gate) return _elapsed.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the wall clock alone, as a machine whose clock is wrong or is being corrected.</summary>
    public void SkewWall(TimeSpan by)
    {
        lock (_gate) _skew += by;
    }

    public void Advance(TimeSpan by)
    {
        TimeSpan target;
        lock (_gate) target = _elapsed + by;
        // A test runner's synchronization context would make what a timer wakes hop to another thread; without one it
        // runs right here, so that it has happened when Advance returns.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (TakeDue(target) is { } timer)
                timer.Fire();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        lock (_gate) _elapsed = target > _elapsed ? target : _elapsed;
    }

    /// <summary>
    /// Waits, in real time, until a timer is armed that is due between the two; then it can be advanced to. Tells the
    /// time until it is due.
    /// </summary>
    public async Task<TimeSpan> ArmedAsync(TimeSpan from, TimeSpan to)
    {
        TimeSpan? found = null;
        await Eventually.TrueAsync(
            () => (found = Armed.Where(t => t >= from && t <= to).Select(t => (TimeSpan?)t).FirstOrDefault()) is not null,
            () => $"a timer due in {from} to {to}; armed are: {string.Join(", ", Armed)}");
        return found!.Value;
    }

    private ManualTimer? TakeDue(TimeSpan target)
    {
        lock (_gate)
        {
            var timer = _timers.Where(t => t.Due <= target).MinBy(t => t.Due);
            if (timer is null)
                return null;
            _elapsed = timer.Due!.Value > _elapsed ? timer.Due.Value : _elapsed;
            timer.Due = timer.Period is { } period ? _elapsed + period : null;
            if (timer.Due is null)
                _timers.Remove(timer);
            return timer;
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public TimeSpan? Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._elapsed + dueTime;
                Period = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : period;
                if (Due is not null)
                    time._timers.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
