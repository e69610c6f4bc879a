using Sluice.Kubernetes.Election;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Fakes;

/// <summary>One process that wants to lead, on a machine whose clock may be wrong.</summary>
internal sealed class Candidate : IAsyncDisposable
{
    public static readonly ObjectKey Key = new("ns", "lease");

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private readonly MachineClock _clock;
    private volatile bool _began;
    private volatile bool _lost;

    public Candidate(string identity, LeaseStore store, ManualTime time, TimeSpan wallSkew, Func<string, LeaseFault>? fault)
    {
        Identity = identity;
        _clock = new MachineClock(time, wallSkew);
        Leases = new FakeLeases(store) { Fault = fault ?? (static _ => LeaseFault.None) };
        Elector = new LeaderElector(Leases, new LeaderElectionOptions
        {
            Lease = Key,
            Identity = identity,
            Time = _clock,
            Jitter = new Jitter(new Random(identity.Length)),
        });
        // Away from the test's synchronization context: what a timer wakes then runs inside Advance, on its thread.
        _running = Task.Run(() => Elector.RunAsync(WorkAsync, _stop.Token));
    }

    public string Identity { get; }

    public FakeLeases Leases { get; }

    public LeaderElector Elector { get; }

    public bool Began => _began;

    public bool Lost => _lost;

    public bool HasEnded => _running.IsCompleted;

    /// <summary>Whatever it does next, it does when time passes.</summary>
    public bool IsWaiting => HasEnded || _clock.HasArmedTimer;

    public Task TriesAsync() => Eventually.TrueAsync(() => Leases.Calls > 0, $"{Identity} to try");

    public Task LeadsAsync() => Eventually.TrueAsync(() => Elector.IsLeader && _began, $"{Identity} to lead");

    public async Task StopAsync(bool finish = false)
    {
        await _stop.CancelAsync();
        if (finish)
            Finish();
    }

    public void Finish(Exception? error = null)
    {
        if (error is null)
            _work.TrySetResult();
        else
            _work.TrySetException(error);
    }

    public Task SeesAsync(string holder) => Eventually.TrueAsync(() => Elector.Holder == holder, $"{Identity} to see that {holder} holds the lease");

    public Task LosesAsync() => Eventually.TrueAsync(() => _lost, $"{Identity} to be told that it has lost");

    public Task EndsAsync() => Eventually.WithinAsync(_running, $"the end of {Identity}");

    public async Task EndsAsync<T>(string message)
        where T : Exception =>
        await FluentActions.Awaiting(EndsAsync).Should().ThrowAsync<T>().WithMessage(message);

    public async ValueTask DisposeAsync()
    {
        await StopAsync(finish: true);
        Leases.Fault = static _ => LeaseFault.Refused;
        _stop.Dispose();
    }

    private async Task WorkAsync(CancellationToken stop, CancellationToken lost)
    {
        _began = true;
        try
        {
            await _work.Task.WaitAsync(lost);
        }
        finally
        {
            _lost = lost.IsCancellationRequested;
        }
    }
}
