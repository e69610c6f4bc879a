using System.Collections.Concurrent;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;

namespace Sluice.LocalCluster.Controllers.Garbage;

/// <summary>Follows all kinds that there are, custom ones included, and runs the collector over them.</summary>
internal sealed class GarbageLoop
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    private readonly ControllerContext _context;
    private readonly OwnerGraph _graph = new();
    private readonly WorkQueue<string> _queue;
    private readonly ConcurrentDictionary<ResourceKind, (CancellationTokenSource Stop, Task Run)> _watches = new();
    private readonly Signal _definitionsChanged = new();

    private GarbageLoop(ControllerContext context, WorkQueue<string> queue) => (_context, _queue) = (context, queue);

    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var jitter = new Jitter(new Random(context.Random.Next()));
        var queue = new WorkQueue<string>("garbage", context.Time, jitter, new WorkQueueOptions
        {
            Backoff = new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30)),
        });
        var loop = new GarbageLoop(context, queue);
        context.Informers.Of<CustomResourceDefinition>().Subscribe(_ => loop._definitionsChanged.Set());
        var options = new ControllerOptions { Time = context.Time, Log = context.Log };
        var controller = new Controller<string>("garbage", queue, new GarbageCollector(context, loop._graph), options);
        controllers.Add("garbage", cancel => controller.RunAsync([], cancel));
        controllers.Add("garbage-watch", loop.FollowKindsAsync);
    }

    private async Task FollowKindsAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await RefreshAsync(cancel);
                await WaitForDefinitionsAsync(cancel);
                // A definition is served a moment after it was accepted.
                await Task.Delay(TimeSpan.FromMilliseconds(200), _context.Time, cancel);
            }
        }
        finally
        {
            foreach (var (stop, run) in _watches.Values)
            {
                await stop.CancelAsync();
                await run;
                stop.Dispose();
            }
        }
    }

    private async Task WaitForDefinitionsAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(_definitionsChanged.WaitAsync(limit.Token), Task.Delay(LookAgain, _context.Time, limit.Token));
        await limit.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private async Task RefreshAsync(CancellationToken cancel)
    {
        try
        {
            var kinds = await ResourceCatalog.ReadAsync(_context.Client, cancel);
            foreach (var kind in kinds.Where(kind => kind.Kind != "Event" && !_watches.ContainsKey(kind)))
                Start(kind);
            foreach (var kind in _watches.Keys.Except(kinds).ToList())
                await StopAsync(kind);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            _context.Log.CatalogFailed(e);
        }
    }

    private void Start(ResourceKind kind)
    {
        var stop = new CancellationTokenSource();
        var watch = new MetadataWatch(_context.Client, kind, _graph, Enqueue, _context.Time, _context.Log);
        _watches[kind] = (stop, RunAsync(watch, stop.Token));
    }

    private async Task StopAsync(ResourceKind kind)
    {
        if (!_watches.TryRemove(kind, out var entry))
            return;
        await entry.Stop.CancelAsync();
        await entry.Run;
        entry.Stop.Dispose();
        foreach (var uid in _graph.Of(kind))
            Enqueue(_graph.Remove(uid));
    }

    private static async Task RunAsync(MetadataWatch watch, CancellationToken cancel)
    {
        try
        {
            await watch.RunAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The kind is gone, or everything stops.
        }
    }

    private void Enqueue(IReadOnlyList<string> uids)
    {
        foreach (var uid in uids)
            _queue.Add(uid);
    }
}
