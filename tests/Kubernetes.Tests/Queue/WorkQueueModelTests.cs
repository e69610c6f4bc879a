using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Kubernetes.Queue;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Queue;

/// <summary>The queue against a model of it that is slow and plain.</summary>
public sealed class WorkQueueModelTests
{
    private static readonly Backoff Steps = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5)) { Floor = 1 };

    [Fact]
    public void Whatever_is_done_to_it_the_queue_does_as_its_model() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(120),
        Prop.ForAll(ArbMap.Default.ArbFor<(int Operation, int Key, int Amount)[]>(), operations =>
        {
            using var pair = new Pair();
            foreach (var (operation, key, amount) in operations)
                pair.Do(Math.Abs(operation % 20), "k" + Math.Abs(key % 4), Math.Abs(amount % 50));
            pair.Drain();
        }));

    [Fact]
    public async Task Under_stress_no_key_is_lost_and_none_is_at_work_twice()
    {
        using var queue = new WorkQueue<int>("stress", TimeProvider.System, new Jitter(new Random(1)), new WorkQueueOptions
        {
            Backoff = new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(3)),
            RetriesPerSecond = 1e6,
            RetryBurst = 1_000_000,
        });
        const int keys = 50;
        var wanted = new int[keys];
        var seen = new int[keys];
        var busy = new ConcurrentDictionary<int, bool>();
        var twice = 0;
        var workers = Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            var random = new Random(w);
            while (await queue.GetAsync() is (true, var key))
            {
                if (!busy.TryAdd(key, true))
                    Interlocked.Increment(ref twice);
                // What was wanted before the pass began must be seen by it.
                var now = Volatile.Read(ref wanted[key]);
                if (random.Next(4) == 0)
                    await Task.Yield();
                busy.TryRemove(key, out _);
                if (random.Next(5) == 0)
                {
                    queue.Failed(key);
                }
                else
                {
                    Volatile.Write(ref seen[key], now);
                    queue.Forget(key);
                }

                queue.Done(key);
            }
        })).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(p => Task.Run(() =>
        {
            var random = new Random(100 + p);
            for (var i = 0; i < 5000; i++)
            {
                var key = random.Next(keys);
                Interlocked.Increment(ref wanted[key]);
                if (random.Next(3) == 0)
                    queue.AddAfter(key, TimeSpan.FromMilliseconds(random.Next(3)));
                else
                    queue.Add(key);
            }
        })));

        await Eventually.TrueAsync(() => wanted.SequenceEqual(seen), () => "every key to be seen in its last state");
        queue.ShutDown();
        await Eventually.WithinAsync(Task.WhenAll(workers), "the workers");
        twice.Should().Be(0);
    }

    /// <summary>A queue and its model, given the same orders.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly ManualTime _time = new();
        private readonly WorkQueue<string> _queue;

        // Ready keys with the turn in which they became so; keys of one turn may come in any order.
        private readonly List<(string Key, int Turn)> _ready = [];
        private readonly HashSet<string> _again = [];
        private readonly List<string> _processing = [];
        private readonly Dictionary<string, TimeSpan> _due = [];
        private readonly Dictionary<string, int> _failures = [];
        private bool _shutDown;
        private int _turn;

        public Pair() => _queue = new WorkQueue<string>("model", _time, new Jitter(new Random(1)), new WorkQueueOptions
        {
            Backoff = Steps,
            RetriesPerSecond = 1e6,
            RetryBurst = 1_000_000,
        });

        public void Dispose() => _queue.Dispose();

        public void Do(int operation, string key, int amount)
        {
            _turn++;
            switch (operation)
            {
                case <= 4:
                    _queue.Add(key);
                    Add(key);
                    break;
                case <= 8:
                    _queue.AddAfter(key, TimeSpan.FromMilliseconds(amount * 100));
                    AddAfter(key, TimeSpan.FromMilliseconds(amount * 100));
                    break;
                case 9:
                    var wait = Steps.Ceiling(_failures.GetValueOrDefault(key));
                    _failures[key] = _failures.GetValueOrDefault(key) + 1;
                    _queue.Failed(key).Should().Be(wait);
                    AddAfter(key, wait);
                    break;
                case 10:
                    _queue.Forget(key);
                    _failures.Remove(key);
                    break;
                case <= 13:
                    Take();
                    break;
                case <= 16:
                    Done(amount);
                    break;
                case 17 when amount == 0:
                    _queue.ShutDown();
                    _shutDown = true;
                    _due.Clear();
                    break;
                default:
                    Advance(TimeSpan.FromMilliseconds(amount * 50));
                    break;
            }

            _queue.Depth.Should().Be(_ready.Count + _again.Count);
            _time.Armed.Count.Should().Be(_due.Count == 0 ? 0 : 1, "one timer serves all delays");
        }

        public void Drain()
        {
            Advance(TimeSpan.FromMinutes(10));
            while (_ready.Count + _processing.Count > 0)
            {
                Done(0);
                Take();
            }

            _queue.Depth.Should().Be(0);
            _queue.ShutDown();
            _queue.GetAsync().AsTask().Result.Found.Should().BeFalse();
        }

        private void Take()
        {
            if (_ready.Count == 0)
                return;
            var taken = _queue.GetAsync().AsTask();
            taken.IsCompletedSuccessfully.Should().BeTrue("{0} are ready", _ready.Count);
            var key = taken.Result.Key;
            _ready.Where(r => r.Turn == _ready[0].Turn).Select(r => r.Key).Should().Contain(key);
            _ready.RemoveAll(r => r.Key == key);
            _processing.Add(key);
        }

        private void Done(int which)
        {
            if (_processing.Count == 0)
                return;
            var key = _processing[which % _processing.Count];
            _processing.Remove(key);
            _queue.Done(key);
            if (_again.Remove(key))
                _ready.Add((key, _turn));
        }

        private void Advance(TimeSpan by)
        {
            var now = _time.Elapsed + by;
            _time.Advance(by);
            foreach (var group in _due.Where(d => d.Value <= now).GroupBy(d => d.Value).OrderBy(g => g.Key).ToList())
            {
                _turn++;
                foreach (var (key, _) in group)
                    Add(key);
            }
        }

        private void Add(string key)
        {
            if (_shutDown)
                return;
            _due.Remove(key);
            if (_processing.Contains(key))
                _again.Add(key);
            else if (_ready.TrueForAll(r => r.Key != key))
                _ready.Add((key, _turn));
        }

        private void AddAfter(string key, TimeSpan wait)
        {
            if (_shutDown || _again.Contains(key) || _ready.Exists(r => r.Key == key))
                return;
            if (wait == TimeSpan.Zero)
                Add(key);
            else if (!_due.TryGetValue(key, out var due) || _time.Elapsed + wait < due)
                _due[key] = _time.Elapsed + wait;
        }
    }
}
