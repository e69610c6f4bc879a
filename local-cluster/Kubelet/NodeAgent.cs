using System.Collections.Concurrent;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Pods;

namespace Sluice.LocalCluster.Kubelet;

/// <summary>The kubelet: one worker for each pod that is bound to this node.</summary>
internal sealed class NodeAgent
{
    private readonly KubeletContext _context;
    private readonly Informer<Pod> _pods;
    private readonly ConcurrentDictionary<string, (PodWorker Worker, Task Run)> _workers = new();
    private readonly Lock _lock = new();
    private CancellationToken _cancel;

    internal NodeAgent(KubeletContext context, Informer<Pod> pods)
    {
        (_context, _pods) = (context, pods);
    }

    /// <summary>Runs until cancelled; then every process is ended before this returns.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        _cancel = cancel;
        _pods.Subscribe(Take);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _context.Time, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Task.WhenAll(_workers.Values.Select(entry => entry.Run));
        }
    }

    private void Take(Change<Pod> change)
    {
        lock (_lock)
        {
            if (change.Old is { } old && old.Metadata.Uid != change.New?.Metadata.Uid)
                Find(old)?.Post(new PodMessage.Gone());
            if (change.New is not { } pod || pod.Spec?.NodeName != _context.Node.Name || _cancel.IsCancellationRequested)
                return;
            if (Find(pod) is { } worker)
                worker.Post(new PodMessage.Changed(pod));
            else if (!IsOver(pod))
                Start(pod);
        }
    }

    // A pod that had ended before this kubelet began has nothing to run; it may still wait to be let go.
    private static bool IsOver(Pod pod) =>
        pod.Status?.Phase is "Succeeded" or "Failed" && pod.Metadata.DeletionTimestamp is null;

    private PodWorker? Find(Pod pod) => _workers.TryGetValue(pod.Metadata.Uid!, out var entry) ? entry.Worker : null;

    private void Start(Pod pod)
    {
        var uid = pod.Metadata.Uid!;
        var worker = new PodWorker(_context, pod);
        _workers[uid] = (worker, Task.Run(
            async () =>
            {
                await worker.RunAsync(_cancel);
                _workers.TryRemove(uid, out _);
            },
            CancellationToken.None));
    }
}
