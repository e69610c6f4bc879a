using System.Threading.Channels;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Volumes;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>
/// Runs one pod, from its first sight to the end of its object. All that happens comes as messages to one loop, so
/// nothing here is shared: take a message, look what is to be done (<see cref="PodPlan"/>), do it, write the status.
/// </summary>
internal sealed class PodWorker
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly KubeletContext _context;
    private readonly Channel<PodMessage> _messages = Channel.CreateUnbounded<PodMessage>();
    private readonly StatusWriter _status;
    private readonly PodContainers _containers;
    private readonly PodSandbox _sandbox;
    private Pod _pod;
    private PodRecord _record;
    private bool _gone;
    private bool _endConfirmed;
    private string? _mountProblem;

    internal PodWorker(KubeletContext context, Pod pod)
    {
        (_context, _pod) = (context, pod);
        _record = PodRecord.For(pod, context.Time.GetUtcNow());
        _status = new StatusWriter(context.Client, pod);
        _sandbox = new PodSandbox(context, pod.Metadata.Uid!);
        _containers = new PodContainers(context, _sandbox, message => _messages.Writer.TryWrite(message));
    }

    private string Policy => _pod.Spec?.RestartPolicy ?? "Always";

    internal void Post(PodMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>Returns when the object is gone and nothing of the pod is left; or at once when cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        _context.Log.PodAccepted(_pod.Key.ToString(), _sandbox.Place.PodIp);
        try
        {
            while (!_gone)
            {
                var wake = await SyncSafelyAsync(cancel);
                await WaitAsync(wake, cancel);
                while (_messages.Reader.TryRead(out var message))
                    Take(message);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The node stops; the pod's object stays as it is.
        }
        finally
        {
            await _containers.KillAllAsync();
            _sandbox.Release();
        }
    }

    private async Task WaitAsync(DateTimeOffset? wake, CancellationToken cancel)
    {
        var message = _messages.Reader.WaitToReadAsync(cancel).AsTask();
        if (wake is not { } time)
        {
            await message;
            return;
        }
        var rest = time - _context.Time.GetUtcNow();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (rest > TimeSpan.Zero)
            await Task.WhenAny(message, Task.Delay(rest, _context.Time, enough.Token));
        await enough.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private void Take(PodMessage message)
    {
        switch (message)
        {
            case PodMessage.Changed changed:
                _pod = changed.Pod;
                break;
            case PodMessage.Gone:
                _gone = true;
                break;
            default:
                _record = _containers.Take(_pod, _record, message);
                break;
        }
    }

    /// <summary>When to look again without a message.</summary>
    private async Task<DateTimeOffset?> SyncSafelyAsync(CancellationToken cancel)
    {
        try
        {
            var wake = await SyncAsync(cancel);
            await _status.WriteAsync(PodStatusFor.Build(_pod, _record, _context.Node.Ip, _context.Time.GetUtcNow()), cancel);
            if (_record.Terminating && _containers.AllEnded && !_endConfirmed)
                await ConfirmEndAsync(cancel);
            return wake;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            _context.Log.PodSyncFailed(e, _pod.Key.ToString());
            return _context.Time.GetUtcNow() + RetryAfter;
        }
    }

    private async Task<DateTimeOffset?> SyncAsync(CancellationToken cancel)
    {
        if (_pod.Metadata.DeletionTimestamp is not null)
        {
            Terminate();
            return null;
        }
        if (Deadline() is { } deadline && _context.Time.GetUtcNow() >= deadline)
            Fail(new PodFailure("DeadlineExceeded", "Pod was active on the node longer than the specified deadline"));
        if (_record.Failure is not null || PodPlan.IsComplete(_record, Policy))
        {
            _containers.StopSidecars(_pod, _record);
            return null;
        }
        if (await PrepareAsync(cancel) is { } retry)
            return retry;
        var step = PodPlan.Next(_record, Policy, _context.Time.GetUtcNow());
        foreach (var name in step.Start)
            _record = await _containers.StartAsync(_pod, _record, name, cancel);
        // What could not be started says when it wants to be tried again.
        var after = step.Start.Count > 0 ? PodPlan.Next(_record, Policy, _context.Time.GetUtcNow()).WakeAt : step.WakeAt;
        return Earliest(after, Deadline(), _sandbox.NextRefresh);
    }

    /// <summary>Null when the pod has its volumes; otherwise when to try again.</summary>
    private async Task<DateTimeOffset?> PrepareAsync(CancellationToken cancel)
    {
        try
        {
            await _sandbox.RefreshAsync(_pod, cancel);
            _record = _record with { PodIp = _sandbox.Place.PodIp };
            _mountProblem = null;
            return null;
        }
        catch (MountException e)
        {
            if (e.Message != _mountProblem)
                _context.Event(_pod, "Warning", "FailedMount", e.Message);
            _mountProblem = e.Message;
            // A running pod keeps the content that it has, as with the kubelet.
            if (_sandbox.IsReady)
                return null;
            return _context.Time.GetUtcNow() + RetryAfter;
        }
    }

    private void Terminate()
    {
        var grace = TimeSpan.FromSeconds(_pod.Metadata.DeletionGracePeriodSeconds ?? _pod.Spec?.TerminationGracePeriodSeconds ?? 30);
        if (!_record.Terminating)
        {
            _record = _record with { Terminating = true };
            _containers.StopAll(_pod, grace);
        }
        else if (grace <= TimeSpan.FromSeconds(1))
        {
            _containers.Kill();
        }
    }

    private void Fail(PodFailure failure)
    {
        if (_record.Failure is not null)
            return;
        _record = _record with { Failure = failure };
        _context.Event(_pod, "Normal", failure.Reason, failure.Message);
        _containers.StopAll(_pod, TimeSpan.FromSeconds(_pod.Spec?.TerminationGracePeriodSeconds ?? 30));
    }

    private async Task ConfirmEndAsync(CancellationToken cancel)
    {
        await PodDeletion.ConfirmAsync(_context.Client, _pod, cancel);
        _endConfirmed = true;
    }

    private DateTimeOffset? Deadline() =>
        _pod.Spec?.ActiveDeadlineSeconds is { } seconds ? _record.StartTime + TimeSpan.FromSeconds(seconds) : null;

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? result = null;
        foreach (var time in times)
            result = result is null || time < result ? time : result;
        return result;
    }
}
