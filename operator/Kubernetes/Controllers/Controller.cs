using Sluice.Kubernetes.Diagnostics;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Controllers;

/// <summary>
/// Workers that take keys from a queue and hand them to a reconciler. No key is ever dropped: whatever goes wrong, it
/// comes again, except after <see cref="TerminalException"/>, where only a change brings it back.
/// </summary>
public sealed class Controller<TKey>(
    string name, WorkQueue<TKey> queue, IReconciler<TKey> reconciler, ControllerOptions options)
    where TKey : notnull
{
    /// <summary>
    /// Waits for the informers, then works until <paramref name="stop"/>: running passes are finished, nothing new is
    /// begun. <paramref name="abort"/> cancels running passes too. The queue is shut down afterwards.
    /// </summary>
    /// <exception cref="TimeoutException">The informers did not sync in time; names them and their problems.</exception>
    public async Task RunAsync(IReadOnlyCollection<IInformer> informers, CancellationToken stop, CancellationToken abort = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, abort);
        try
        {
            await SyncAsync(informers, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            queue.ShutDown();
            return;
        }

        using var drained = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Time);
        using var passes = CancellationTokenSource.CreateLinkedTokenSource(abort, drained.Token);
        using var stopping = ending.Token.Register(() => StopTaking(drained));
        await Task.WhenAll(Enumerable.Range(0, Math.Max(1, options.Workers)).Select(_ => WorkAsync(ending.Token, passes.Token)));
    }

    private async Task SyncAsync(IReadOnlyCollection<IInformer> informers, CancellationToken cancel)
    {
        try
        {
            await Task.WhenAll(informers.Select(i => i.Synced)).WaitAsync(options.SyncTimeout, options.Time, cancel);
        }
        catch (TimeoutException e)
        {
            var missing = informers.Where(i => !i.Synced.IsCompletedSuccessfully).Select(i => $"{i.Name} ({i.Problem ?? "still listing"})");
            throw new TimeoutException(
                $"Controller {name} cannot start: not synced within {options.SyncTimeout}: {string.Join("; ", missing)}", e);
        }
    }

    private void StopTaking(CancellationTokenSource drained)
    {
        queue.ShutDown();
        drained.CancelAfter(options.DrainTimeout);
    }

    private async Task WorkAsync(CancellationToken stop, CancellationToken passes)
    {
        // Passes start on the pool, so that workers do not run one after the other when nothing in them waits.
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            var (found, key) = await NextAsync(stop);
            if (!found)
                return;
            try
            {
                await PassAsync(key, passes);
            }
            finally
            {
                queue.Done(key);
            }
        }
    }

    private async ValueTask<(bool Found, TKey Key)> NextAsync(CancellationToken stop)
    {
        try
        {
            return await queue.GetAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return (false, default!);
        }
    }

    private async Task PassAsync(TKey key, CancellationToken passes)
    {
        using var scope = Log.PassScope(options.Log, name, key);
        using var span = Traces.Pass(name, key);
        var started = options.Time.GetTimestamp();
        using var limit = new CancellationTokenSource(options.PassTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(passes, limit.Token);
        Verdict verdict;
        try
        {
            verdict = Verdict.Of(await reconciler.ReconcileAsync(key, either.Token));
        }
        catch (OperationCanceledException) when (passes.IsCancellationRequested)
        {
            // Shutting down: neither a success nor a failure. The next leader starts from the state of the world.
            return;
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            verdict = Verdict.Of(new TimeoutException($"The pass did not end within {options.PassTimeout}.", e));
        }
        catch (Exception e)
        {
            verdict = Verdict.Of(e);
        }

        Traces.Ended(span, verdict.Name, verdict.Error);
        Meters.Reconciled(name, verdict.Name, options.Time.GetElapsedTime(started));
        Carry(key, verdict);
    }

    private void Carry(TKey key, Verdict verdict)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.Settled:
                queue.Forget(key);
                break;
            case VerdictKind.Again:
                queue.Forget(key);
                queue.AddAfter(key, verdict.After!.Value);
                break;
            case VerdictKind.Terminal:
                queue.Forget(key);
                Log.PassTerminal(options.Log, name, key, verdict.Error!.Message);
                break;
            case VerdictKind.Conflict:
                Log.PassConflict(options.Log, name, key, queue.Failed(key));
                break;
            case VerdictKind.Throttled:
                var wait = verdict.After ?? queue.Failed(key);
                queue.AddAfter(key, wait);
                Log.PassThrottled(options.Log, name, key, wait);
                break;
            default:
                Log.PassFailed(options.Log, name, key, queue.Failed(key), verdict.Error!);
                break;
        }
    }
}
