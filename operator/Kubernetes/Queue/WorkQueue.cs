using System.Threading.Channels;
using Sluice.Kubernetes.Diagnostics;

namespace Sluice.Kubernetes.Queue;

/// <summary>
/// Keys that need work, each at most once and never to two workers at a time.
/// <code>
/// a key is      Add                        AddAfter                  Get             Done
/// nowhere       ready                      delayed                   -               -
/// delayed       ready, delay forgotten     the earlier time counts   -               -
/// ready         nothing                    nothing: now is earlier   processing      -
/// processing    processing and dirty       processing and delayed    -               nowhere or delayed
/// ... and dirty nothing                    nothing                   -               ready
/// </code>
/// After <see cref="ShutDown"/> nothing is taken in and delays are forgotten; what is ready is still handed out, then
/// <see cref="GetAsync"/> yields false.
/// </summary>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly Jitter _jitter;
    private readonly Backoff _backoff;
    private readonly RetryBudget _budget;
    private readonly Lock _gate = new();
    // A key is dirty from Add until Get; the value is when that began. Ready means dirty and not processing.
    private readonly Dictionary<TKey, long> _dirty = [];
    private readonly HashSet<TKey> _processing = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly Channel<TKey> _ready = Channel.CreateUnbounded<TKey>();
    private readonly DelayedKeys<TKey> _delayed = new();
    private readonly ITimer _timer;
    private bool _shutDown;

    public WorkQueue(string name, TimeProvider time, Jitter jitter, WorkQueueOptions? options = null)
    {
        options ??= new WorkQueueOptions();
        (_name, _time, _jitter, _backoff) = (name, time, jitter, options.Backoff);
        _budget = new RetryBudget(options.RetriesPerSecond, options.RetryBurst, time);
        _timer = time.CreateTimer(static queue => ((WorkQueue<TKey>)queue!).Promote(), this,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that wait for a worker now; delayed ones are not counted.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
                return _dirty.Count;
        }
    }

    /// <summary>The key needs work now.</summary>
    public void Add(TKey key)
    {
        lock (_gate)
        {
            AddNeedsLock(key);
            ArmNeedsLock();
        }
    }

    /// <summary>The key needs work after a while, unless something makes it due earlier.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_gate)
        {
            if (_shutDown || _dirty.ContainsKey(key))
                return;
            if (delay <= TimeSpan.Zero)
                AddNeedsLock(key);
            else
                _delayed.Set(key, After(delay));
            ArmNeedsLock();
        }
    }

    /// <summary>The work on this key failed: it comes again after its own backoff, and not faster than the retry budget.</summary>
    /// <returns>When it comes again.</returns>
    public TimeSpan Failed(TKey key)
    {
        TimeSpan delay;
        lock (_gate)
        {
            var before = _failures.GetValueOrDefault(key);
            _failures[key] = before + 1;
            delay = _backoff.Delay(before, _jitter);
            var budget = _budget.Take();
            if (budget > delay)
                delay = budget;
        }

        Meters.QueueRetry(_name);
        AddAfter(key, delay);
        return delay;
    }

    /// <summary>The next failure of this key is its first again.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
            _failures.Remove(key);
    }

    /// <summary>
    /// Waits for a key; whoever gets it calls <see cref="Done"/> afterwards. <c>Found</c> is false when the queue is shut
    /// down and empty.
    /// </summary>
    public async ValueTask<(bool Found, TKey Key)> GetAsync(CancellationToken cancel = default)
    {
        TKey key;
        try
        {
            key = await _ready.Reader.ReadAsync(cancel);
        }
        catch (ChannelClosedException)
        {
            return (false, default!);
        }

        lock (_gate)
        {
            _dirty.Remove(key, out var since);
            _processing.Add(key);
            Meters.QueueTaken(_name, _time.GetElapsedTime(since));
        }

        return (true, key);
    }

    /// <summary>The worker is finished with the key, whatever came of it.</summary>
    public void Done(TKey key)
    {
        lock (_gate)
        {
            _processing.Remove(key);
            if (_dirty.ContainsKey(key))
                _ready.Writer.TryWrite(key);
            CloseWhenDrainedNeedsLock();
        }
    }

    public void ShutDown()
    {
        lock (_gate)
        {
            _shutDown = true;
            _delayed.Clear();
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            CloseWhenDrainedNeedsLock();
        }
    }

    public void Dispose()
    {
        ShutDown();
        _timer.Dispose();
    }

    private void AddNeedsLock(TKey key)
    {
        if (_shutDown)
            return;
        _delayed.Remove(key);
        if (!_dirty.TryAdd(key, _time.GetTimestamp()))
            return;
        Meters.QueueAdded(_name);
        if (!_processing.Contains(key))
            _ready.Writer.TryWrite(key);
    }

    // Dirty keys are either ready or will be at Done; when there are none after a shutdown, none can come.
    private void CloseWhenDrainedNeedsLock()
    {
        if (_shutDown && _dirty.Count == 0)
            _ready.Writer.TryComplete();
    }

    private void Promote()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            while (_delayed.TryTakeDue(now, out var key))
                AddNeedsLock(key);
            ArmNeedsLock();
        }
    }

    // One timer, for the earliest delay. A timer may fire a little before its time; then it is simply armed again.
    private void ArmNeedsLock()
    {
        if (_shutDown || !_delayed.HeadChanged(out var due))
            return;
        var wait = due is { } at
            ? TimeSpan.FromTicks(Math.Max(_time.GetElapsedTime(_time.GetTimestamp(), at).Ticks, TimeSpan.TicksPerMillisecond))
            : Timeout.InfiniteTimeSpan;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private long After(TimeSpan delay) =>
        _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);
}
