using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.Kubernetes.Tests.Fakes;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Controllers;

public sealed class ControllerTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly ListLogger _log = new();
    private readonly WorkQueue<string> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ConcurrentQueue<string> _passes = new();
    private Task? _running;

    public ControllerTests() => _queue = new WorkQueue<string>("test", _time, new Jitter(new Random(1)), new WorkQueueOptions
    {
        Backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(5)) { Floor = 1 },
    });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _abort.CancelAsync();
        if (_running is not null)
            await Eventually.WithinAsync(_running, "the end of the controller");
        _queue.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    private void Run(Func<string, CancellationToken, ValueTask<Outcome>> pass, int workers = 1, params IInformer[] informers) =>
        _running = new Controller<string>("test", _queue, new Reconciler(this, pass), new ControllerOptions { Workers = workers, Time = _time, Log = _log })
            .RunAsync(informers, _stop.Token, _abort.Token);

    /// <summary>First fails in the given way, then settles.</summary>
    private void RunFailing(Func<Exception> failure)
    {
        Run((_, _) => _passes.Count == 1 ? throw failure() : ValueTask.FromResult(Outcome.Settled));
        _queue.Add("a");
    }

    private Task PassesAsync(int count) => Eventually.TrueAsync(() => _passes.Count >= count, () => $"{count} passes; there were {_passes.Count}");

    private async Task WaitOutAsync(TimeSpan wait)
    {
        await _time.ArmedAsync(wait, wait);
        _time.Advance(wait);
    }

    private Task SaysAsync(LogLevel level, string text) => Eventually.TrueAsync(
        () => _log.Lines.Any(l => l.Level == level && l.Message.Contains(text)), () => string.Join('\n', _log.Lines));

    [Fact]
    public async Task What_is_settled_does_not_come_again()
    {
        Run((_, _) => ValueTask.FromResult(Outcome.Settled));
        _queue.Add("a");
        await PassesAsync(1);
        _queue.Add("b");
        await PassesAsync(2);

        _time.Advance(TimeSpan.FromHours(1));
        _queue.Add("c");
        await PassesAsync(3);
        _passes.Should().Equal("a", "b", "c");
    }

    [Fact]
    public async Task Again_means_after_that_time_and_counts_as_success()
    {
        _queue.Failed("a");
        _queue.Failed("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        Run((_, _) => ValueTask.FromResult(_passes.Count == 1 ? Outcome.Again(TimeSpan.FromSeconds(30)) : Outcome.Settled));

        await WaitOutAsync(TimeSpan.FromSeconds(30));
        await PassesAsync(2);

        _queue.Failed("a").Should().Be(TimeSpan.FromMilliseconds(200), "earlier failures are forgotten");
    }

    [Fact]
    public async Task A_failure_comes_again_with_backoff_and_is_an_error_in_the_log()
    {
        Run((_, _) => _passes.Count <= 2 ? throw new InvalidOperationException("boom") : ValueTask.FromResult(Outcome.Settled));
        _queue.Add("a");

        await WaitOutAsync(TimeSpan.FromMilliseconds(200));
        await WaitOutAsync(TimeSpan.FromMilliseconds(400));
        await PassesAsync(3);

        await SaysAsync(LogLevel.Error, "test a: the pass failed, again in 00:00:00.2000000");
    }

    [Fact]
    public async Task A_terminal_failure_waits_for_a_change()
    {
        RunFailing(() => new TerminalException("the spec is wrong"));
        await SaysAsync(LogLevel.Warning, "test a: given up until something changes: the spec is wrong");

        _time.Advance(TimeSpan.FromHours(1));
        _passes.Should().HaveCount(1);
        _queue.Add("a");
        await PassesAsync(2);
    }

    [Fact]
    public async Task A_conflict_comes_again_and_is_no_error()
    {
        RunFailing(() => new KubeApiException(HttpStatusCode.Conflict, null, null, "PUT /x"));

        await WaitOutAsync(TimeSpan.FromMilliseconds(200));
        await PassesAsync(2);

        await SaysAsync(LogLevel.Debug, "somebody else wrote first");
        _log.Lines.Should().NotContain(l => l.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_server_says_when(int code)
    {
        RunFailing(() => new KubeApiException((HttpStatusCode)code, null, TimeSpan.FromSeconds(42), "GET /x"));

        await WaitOutAsync(TimeSpan.FromSeconds(42));
        await PassesAsync(2);

        await SaysAsync(LogLevel.Information, "busy, again in 00:00:42");
    }

    [Fact]
    public async Task A_busy_server_that_does_not_say_when_gets_the_backoff()
    {
        RunFailing(() => new KubeApiException(HttpStatusCode.ServiceUnavailable, null, null, "GET /x"));

        await WaitOutAsync(TimeSpan.FromMilliseconds(200));
        await PassesAsync(2);
    }

    [Fact]
    public async Task An_object_that_exists_already_is_an_ordinary_failure()
    {
        RunFailing(() => new KubeApiException(HttpStatusCode.Conflict, new Status { Reason = StatusReason.AlreadyExists }, null, "POST /x"));

        await SaysAsync(LogLevel.Error, "the pass failed");
    }

    [Fact]
    public async Task A_pass_that_takes_too_long_is_cancelled_and_comes_again()
    {
        Run(async (_, cancel) =>
        {
            if (_passes.Count == 1)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            return Outcome.Settled;
        });
        _queue.Add("a");

        await WaitOutAsync(TimeSpan.FromSeconds(60));
        await WaitOutAsync(TimeSpan.FromMilliseconds(200));
        await PassesAsync(2);

        await SaysAsync(LogLevel.Error, "the pass failed");
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure()
    {
        RunFailing(() => new OperationCanceledException("from some library"));

        await WaitOutAsync(TimeSpan.FromMilliseconds(200));
        await PassesAsync(2);
    }

    [Fact]
    public async Task Workers_work_side_by_side_but_never_on_one_key()
    {
        var now = new ConcurrentDictionary<string, int>();
        var together = 0;
        var most = 0;
        Run(async (key, _) =>
        {
            now.AddOrUpdate(key, 1, (_, n) => n + 1).Should().Be(1);
            var level = Interlocked.Increment(ref together);
            InterlockedMax(ref most, level);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
            Interlocked.Decrement(ref together);
            now.AddOrUpdate(key, 0, (_, n) => n - 1);
            return Outcome.Settled;
        }, workers: 4);

        for (var i = 0; i < 400; i++)
            _queue.Add("k" + i % 7);
        await Eventually.TrueAsync(() => _queue.Depth == 0 && now.Values.All(v => v == 0), "all done");

        most.Should().BeInRange(2, 4);
        _log.Lines.Should().NotContain(l => l.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task At_a_stop_running_passes_end_and_no_others_begin()
    {
        var release = new TaskCompletionSource();
        Run(async (_, cancel) =>
        {
            await release.Task.WaitAsync(cancel);
            return Outcome.Settled;
        });
        _queue.Add("a");
        _queue.Add("b");
        await PassesAsync(1);

        await _stop.CancelAsync();
        _running!.IsCompleted.Should().BeFalse();
        release.SetResult();
        await Eventually.WithinAsync(_running, "the end");

        _passes.Should().Equal("a");
    }

    [Fact]
    public async Task A_pass_that_does_not_end_in_time_is_cut_off()
    {
        Run(async (_, cancel) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            return Outcome.Settled;
        });
        _queue.Add("a");
        await PassesAsync(1);

        await _stop.CancelAsync();
        await WaitOutAsync(TimeSpan.FromSeconds(30));

        await Eventually.WithinAsync(_running!, "the end");
        _log.Lines.Should().NotContain(l => l.Level >= LogLevel.Warning, "a shutdown is no failure");
    }

    [Fact]
    public async Task Nothing_begins_before_the_informers_are_synced()
    {
        var informer = new FakeInformer();
        Run((_, _) => ValueTask.FromResult(Outcome.Settled), informers: informer);
        _queue.Add("a");
        await _time.ArmedAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2));
        _passes.Should().BeEmpty();

        informer.Source.SetResult();

        await PassesAsync(1);
    }

    [Fact]
    public async Task Informers_that_do_not_sync_in_time_end_it_and_are_named()
    {
        Run((_, _) => ValueTask.FromResult(Outcome.Settled), informers: [new FakeInformer()]);
        var running = _running!;
        _running = null;

        await WaitOutAsync(TimeSpan.FromMinutes(2));

        await FluentActions.Awaiting(() => Eventually.WithinAsync(running, "the end")).Should().ThrowAsync<TimeoutException>()
            .WithMessage("Controller test cannot start: not synced within 00:02:00: things.x (list was refused)");
    }

    [Fact]
    public async Task A_stop_while_waiting_for_informers_is_a_quiet_end()
    {
        Run((_, _) => ValueTask.FromResult(Outcome.Settled), informers: [new FakeInformer()]);

        await _stop.CancelAsync();

        await Eventually.WithinAsync(_running!, "the end");
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private sealed class Reconciler(ControllerTests test, Func<string, CancellationToken, ValueTask<Outcome>> pass) : IReconciler<string>
    {
        public ValueTask<Outcome> ReconcileAsync(string key, CancellationToken cancel)
        {
            test._passes.Enqueue(key);
            return pass(key, cancel);
        }
    }

    private sealed class FakeInformer : IInformer
    {
        public TaskCompletionSource Source { get; } = new();

        public string Name => "things.x";

        public Task Synced => Source.Task;

        public string? Problem => "list was refused";

        public Task RunAsync(CancellationToken cancel) => Task.CompletedTask;
    }
}
