using Sluice.Kubernetes.Queue;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Queue;

public sealed class WorkQueueTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>("test", _time, new Jitter(new Random(1)), new WorkQueueOptions
    {
        Backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(5)) { Floor = 1 },
    });

    public void Dispose() => _queue.Dispose();

    private string Take()
    {
        var get = _queue.GetAsync().AsTask();
        get.IsCompleted.Should().BeTrue("something is ready");
        return get.Result.Key;
    }

    private void HasNothing() => _queue.Depth.Should().Be(0);

    [Fact]
    public void Keys_come_in_the_order_in_which_they_became_due_and_once()
    {
        foreach (var key in new[] { "a", "b", "a", "c", "b" })
            _queue.Add(key);

        (Take(), Take(), Take()).Should().Be(("a", "b", "c"));
        HasNothing();
    }

    [Fact]
    public async Task A_key_at_work_is_given_to_nobody_else_and_comes_again_afterwards()
    {
        _queue.Add("a");
        Take().Should().Be("a");
        _queue.Add("a");
        _queue.Add("a");
        using var impatient = new CancellationTokenSource();

        var second = _queue.GetAsync(impatient.Token).AsTask();
        second.IsCompleted.Should().BeFalse();
        _queue.Done("a");
        (await Eventually.WithinAsync(second, "the second turn")).Key.Should().Be("a");
        _queue.Done("a");

        HasNothing();
    }

    [Fact]
    public void A_delayed_key_comes_when_it_is_due_and_the_earlier_time_counts()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("b", TimeSpan.FromSeconds(3));
        _queue.AddAfter("a", TimeSpan.FromSeconds(5));
        _queue.AddAfter("a", TimeSpan.FromSeconds(20));
        _time.Armed.Should().Equal([TimeSpan.FromSeconds(3)], "there is one timer, for the first");

        _time.Advance(TimeSpan.FromSeconds(3));
        Take().Should().Be("b");
        _time.Advance(TimeSpan.FromSeconds(1.999));
        HasNothing();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Take().Should().Be("a");
        _queue.Done("a");
        _time.Advance(TimeSpan.FromMinutes(1));
        HasNothing();
        _time.Armed.Should().BeEmpty();
    }

    [Fact]
    public void An_immediate_add_cancels_the_delay()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.Add("a");
        Take();
        _queue.Done("a");

        _time.Advance(TimeSpan.FromMinutes(1));

        HasNothing();
    }

    [Fact]
    public void A_delay_asked_for_during_work_begins_then()
    {
        _queue.Add("a");
        Take();
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        _queue.Depth.Should().Be(1, "it is due but at work");
        _queue.Done("a");

        Take().Should().Be("a");
    }

    [Fact]
    public void A_delay_of_nothing_is_now()
    {
        _queue.AddAfter("a", TimeSpan.Zero);

        Take().Should().Be("a");
    }

    [Fact]
    public void Failures_wait_longer_and_longer_until_forgotten()
    {
        var waits = Enumerable.Range(0, 13).Select(_ => _queue.Failed("a").TotalSeconds).ToList();
        _queue.Failed("b").TotalSeconds.Should().Be(0.2, "each key counts for itself");
        _queue.Forget("a");

        waits.Should().Equal(0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 300, 300);
        _queue.Failed("a").TotalSeconds.Should().Be(0.2);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Take().Should().Be("a");
    }

    [Fact]
    public void All_retries_together_are_limited_and_first_tries_are_not()
    {
        var waits = Enumerable.Range(0, 130).Select(i => _queue.Failed("k" + i).TotalSeconds).ToList();

        waits.Take(100).Should().OnlyContain(w => w == 0.2);
        waits[^1].Should().BeApproximately(3.0, 1e-6, "30 beyond the burst at 10 per second");
        for (var i = 0; i < 1000; i++)
            _queue.Add("first" + i);
        _queue.Depth.Should().Be(1000);
        _time.Advance(TimeSpan.FromSeconds(13));
        _queue.Failed("later").TotalSeconds.Should().Be(0.2, "the bucket has filled again");
    }

    [Fact]
    public async Task After_a_shutdown_what_is_ready_is_handed_out_and_nothing_else()
    {
        _queue.Add("at work");
        Take();
        _queue.Add("ready");
        _queue.Add("at work");
        _queue.AddAfter("delayed", TimeSpan.FromSeconds(1));
        _queue.ShutDown();
        _queue.Add("late");
        _time.Advance(TimeSpan.FromMinutes(1));

        Take().Should().Be("ready");
        var next = _queue.GetAsync().AsTask();
        next.IsCompleted.Should().BeFalse("a key at work is dirty");
        _queue.Done("at work");
        (await Eventually.WithinAsync(next, "the dirty key")).Key.Should().Be("at work");
        _queue.Done("at work");
        _queue.Done("ready");
        (await Eventually.WithinAsync(_queue.GetAsync().AsTask(), "the end")).Found.Should().BeFalse();
    }

    [Fact]
    public async Task Waiting_workers_learn_of_a_shutdown()
    {
        var workers = Enumerable.Range(0, 3).Select(_ => _queue.GetAsync().AsTask()).ToList();

        _queue.ShutDown();

        (await Eventually.WithinAsync(Task.WhenAll(workers), "the workers")).Should().OnlyContain(w => !w.Found);
    }

    [Fact]
    public async Task A_worker_that_gives_up_waiting_takes_nothing_with_it()
    {
        using var give = new CancellationTokenSource();
        var waiting = _queue.GetAsync(give.Token).AsTask();
        await give.CancelAsync();
        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();

        _queue.Add("a");

        Take().Should().Be("a");
    }

    [Fact]
    public void Many_changes_of_mind_do_not_pile_up()
    {
        for (var i = 10_000; i > 0; i--)
            _queue.AddAfter("a", TimeSpan.FromSeconds(i));
        _time.Advance(TimeSpan.FromSeconds(1));
        Take().Should().Be("a");
        _queue.Done("a");
        _time.Advance(TimeSpan.FromDays(1));
        HasNothing();
    }
}
