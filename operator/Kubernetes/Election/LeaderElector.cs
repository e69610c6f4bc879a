using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Diagnostics;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Election;

/// <summary>
/// Lets one process of several work. It leads while its last successful renewal, counted from before it was sent, is
/// younger than the renew deadline; others start to wait only after they have seen that renewal, and wait longer.
/// </summary>
public sealed class LeaderElector
{
    private readonly ILeases _leases;
    private readonly LeaderElectionOptions _options;
    private readonly TimeProvider _time;
    private readonly Jitter _jitter;
    private readonly ElectionRecord _record;
    private const long Never = long.MinValue;

    // When the renewal that we live on was sent.
    private long _renewed = Never;
    private volatile string _holder = "";

    public LeaderElector(KubeClient client, LeaderElectionOptions options)
        : this(new ApiLeases(client), options)
    {
    }

    internal LeaderElector(ILeases leases, LeaderElectionOptions options)
    {
        LeaderElectionOptions.Validate(options);
        (_leases, _options, _time) = (leases, options, options.Time);
        _jitter = options.Jitter ?? Jitter.FromEntropy();
        _record = new ElectionRecord(options.Identity, options.Duration, _time);
    }

    /// <summary>True only as long as nobody else can be the leader.</summary>
    public bool IsLeader
    {
        get
        {
            var renewed = Interlocked.Read(ref _renewed);
            return renewed != Never && _time.GetElapsedTime(renewed) < _options.RenewDeadline;
        }
    }

    /// <summary>Who holds the lease as far as we know; empty for nobody.</summary>
    public string Holder => _holder;

    /// <summary>
    /// Waits to become leader, then runs <paramref name="lead"/> and keeps the lease until it ends; then gives the lease
    /// up. Its first token asks it to finish (<paramref name="stop"/>), its second to drop everything: leadership is lost.
    /// </summary>
    /// <exception cref="LeadershipLostException">The lease could not be renewed in time, or somebody else holds it.</exception>
    public async Task RunAsync(Func<CancellationToken, CancellationToken, Task> lead, CancellationToken stop)
    {
        try
        {
            await AcquireAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A claim may have got through although we did not wait for its answer.
            await ReleaseAsync();
            return;
        }

        Log.Leading(_options.Log, _options.Identity, _options.Lease);
        Meters.Leading(_options.Lease.Name, 1);
        try
        {
            await LeadAsync(lead, stop);
        }
        finally
        {
            Meters.Leading(_options.Lease.Name, -1);
        }
    }

    private async Task LeadAsync(Func<CancellationToken, CancellationToken, Task> lead, CancellationToken stop)
    {
        using var lost = new CancellationTokenSource();
        using var finished = new CancellationTokenSource();
        var renewing = RenewAsync(finished.Token);
        var leading = RunLeadAsync(lead, stop, lost.Token);
        if (await Task.WhenAny(renewing, leading) == renewing)
        {
            Interlocked.Exchange(ref _renewed, Never);
            await lost.CancelAsync();
            // Ends the process; what the work is doing meanwhile it does at its own risk, so nobody waits for it.
            await renewing;
        }

        await finished.CancelAsync();
        await renewing;
        await ReleaseAsync();
        await leading;
    }

    // The work may throw before its first await; that must not leave the renewal behind.
    private static async Task RunLeadAsync(
        Func<CancellationToken, CancellationToken, Task> lead, CancellationToken stop, CancellationToken lost)
    {
        await Task.Yield();
        await lead(stop, lost);
    }

    private async Task AcquireAsync(CancellationToken stop)
    {
        while (!await TryAsync(stop))
            await Task.Delay(_options.RetryPeriod * (1 + _jitter.NextDouble() * 0.2), _time, stop);
    }

    /// <summary>Renews until cancelled. Throws when the deadline passes or somebody else has the lease.</summary>
    private async Task RenewAsync(CancellationToken finished)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.RetryPeriod, _time, finished);
                var before = Interlocked.Read(ref _renewed);
                var left = _options.RenewDeadline - _time.GetElapsedTime(before);
                if (left > TimeSpan.Zero && await TryAsync(finished, left))
                    continue;
                if (_record is { IsOurs: false, Holder.Length: > 0 })
                    throw new LeadershipLostException($"{_record.Holder} holds the lease {_options.Lease} now.");
                if (_time.GetElapsedTime(before) >= _options.RenewDeadline)
                    throw new LeadershipLostException($"The lease {_options.Lease} could not be renewed for {_options.RenewDeadline}.");
            }
        }
        catch (Exception) when (finished.IsCancellationRequested)
        {
            // The work is done.
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancel, TimeSpan? left = null)
    {
        using var limit = new CancellationTokenSource(
            left < _options.RetryPeriod ? left.Value : _options.RetryPeriod, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        var sent = _time.GetTimestamp();
        try
        {
            var ours = await ClaimAsync(either.Token);
            if (ours)
                Interlocked.Exchange(ref _renewed, sent);
            return ours;
        }
        catch (Exception e)
        {
            cancel.ThrowIfCancellationRequested();
            Log.ElectionFailed(_options.Log, _options.Lease, e.Message);
            return false;
        }
        finally
        {
            Report();
        }
    }

    /// <summary>One try. Holders go straight for the write; a conflict makes them look and decide.</summary>
    private async Task<bool> ClaimAsync(CancellationToken cancel)
    {
        if (_record is { Lease: not null, IsOurs: true })
        {
            try
            {
                _record.Observe(await _leases.UpdateAsync(_record.Claim(_options.Lease), cancel));
                return true;
            }
            catch (KubeApiException e) when (e.IsConflict || e.IsNotFound)
            {
                // Our own write whose answer was lost, somebody else's, or a deleted lease: only reading tells.
            }
        }

        if (await _leases.FindAsync(_options.Lease, cancel) is not { } present)
        {
            _record.Forget();
            _record.Observe(await _leases.CreateAsync(_record.Claim(_options.Lease), cancel));
            return true;
        }

        _record.Observe(present);
        if (!_record.IsOurs && !_record.IsFree)
            return false;
        _record.Observe(await _leases.UpdateAsync(_record.Claim(_options.Lease), cancel));
        return true;
    }

    private async Task ReleaseAsync()
    {
        Interlocked.Exchange(ref _renewed, Never);
        using var limit = new CancellationTokenSource(_options.RetryPeriod, _time);
        try
        {
            if (await _leases.FindAsync(_options.Lease, limit.Token) is not { } present)
                return;
            _record.Observe(present);
            if (_record.IsOurs)
                await _leases.UpdateAsync(_record.Release(), limit.Token);
            Log.LeaseReleased(_options.Log, _options.Lease);
        }
        catch (Exception e)
        {
            // Then the others wait for the lease to run out, which they can.
            Log.ElectionFailed(_options.Log, _options.Lease, e.Message);
        }
    }

    private void Report()
    {
        if (_holder == _record.Holder)
            return;
        _holder = _record.Holder;
        Log.LeaseHolder(_options.Log, _options.Lease, _holder.Length == 0 ? "nobody" : _holder);
    }
}
