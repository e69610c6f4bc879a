using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;

namespace Sluice.LocalCluster.Controllers;

/// <summary>Reports an event about an object.</summary>
/// <param name="target">What it is about.</param>
/// <param name="type">Normal or Warning.</param>
/// <param name="reason">One word.</param>
/// <param name="note">A sentence.</param>
internal delegate void ObjectEvent(IKubeObject target, string type, string reason, string note);

/// <summary>What all controllers share.</summary>
internal sealed record ControllerContext
{
    public required KubeClient Client { get; init; }

    public required InformerSet Informers { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>For jitter and for names.</summary>
    public required Random Random { get; init; }

    public required ObjectEvent Event { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>A queue and the workers that empty it; started with the others by <see cref="ControllerSet"/>.</summary>
    internal WorkQueue<ObjectKey> Add(ControllerSet set, string name, Func<WorkQueue<ObjectKey>, IReconciler<ObjectKey>> create)
    {
        // A laptop has one cluster and one person waiting for it: retry sooner than a shared control plane would.
        var queue = new WorkQueue<ObjectKey>(name, Time, new Jitter(new Random(Random.Next())), new WorkQueueOptions
        {
            Backoff = new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(30)),
            RetriesPerSecond = 100,
            RetryBurst = 200,
        });
        var controller = new Controller<ObjectKey>(name, queue, create(queue), new ControllerOptions { Time = Time, Log = Log });
        set.Add(name, cancel => controller.RunAsync(Informers.All, cancel));
        return queue;
    }
}

/// <summary>The controllers, to be started together.</summary>
internal sealed class ControllerSet
{
    private readonly List<(string Name, Func<CancellationToken, Task> Run)> _loops = [];

    internal void Add(string name, Func<CancellationToken, Task> run) => _loops.Add((name, run));

    /// <summary>Runs all of them until cancelled. One that fails ends all: half a control plane is worse than none.</summary>
    internal async Task RunAsync(CancellationToken cancel)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAll(_loops.Select(loop => RunAsync(loop.Run, all)));
    }

    private static async Task RunAsync(Func<CancellationToken, Task> run, CancellationTokenSource all)
    {
        try
        {
            await run(all.Token);
        }
        catch (OperationCanceledException) when (all.IsCancellationRequested)
        {
            // Stopping.
        }
        catch
        {
            await all.CancelAsync();
            throw;
        }
    }
}
