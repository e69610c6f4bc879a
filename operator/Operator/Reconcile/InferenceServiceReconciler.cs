using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Events;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Evidence;
using Sluice.Operator.Hosting;
using Sluice.Operator.Monitoring;
using Sluice.Operator.Records;
using Sluice.Operator.Status;
using Sluice.Operator.Traffic;
using Sluice.Rollouts;

namespace Sluice.Operator.Reconcile;

/// <summary>One pass over one service: observe, decide, render, apply, status; and last, what is no longer needed goes.</summary>
internal sealed class InferenceServiceReconciler(
    KubeClient client, StoresByNamespace stores, ReconcileOptions options, PodSplit split, MonitorReader monitors, Reactions reactions, GateKeeper gates, GatewayRoutes routes, EventRecorder events, ILogger log, TimeProvider time)
    : IReconciler<ObjectKey>
{
    /// <summary>What is in the way is not watched, or is watched by nobody: it is looked at again.</summary>
    static readonly TimeSpan ObstaclePeriod = TimeSpan.FromSeconds(10);

    /// <summary>How long the cache gets to catch up.</summary>
    static readonly TimeSpan StalePeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>Pods say nothing of themselves: they are asked again, more often while an answer is waited for.</summary>
    static readonly TimeSpan WatchingPeriod = TimeSpan.FromSeconds(1);
    static readonly TimeSpan AwaitingPeriod = TimeSpan.FromMilliseconds(150);

    readonly WriteMemory memory = new();
    readonly StatusWriter status = new(client);
    readonly AttemptLog attempts = new(client, log);
    readonly UnreadableServices unreadable = new(client, events, log, time);

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        var here = stores.Of(key);
        if (here.Services.Store.Broken(key) is { } broken)
        {
            await unreadable.ReportAsync(broken, cancel);
            return Outcome.Settled;
        }

        if (ServiceView.Of(here, key) is not { Service.Metadata.DeletionTimestamp: null } cached)
        {
            status.Forget(key);
            split.Forget(key);
            monitors.Forget(key);
            reactions.Forget(key);
            gates.Forget(key);
            attempts.Forget(key);
            return Outcome.Settled;
        }

        try
        {
            return await PassAsync(cached with { Service = status.Latest(cached.Service) }, cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // The cache has not seen yet that it is gone; when it does, that brings the next pass.
            if (await IsGoneAsync(key, cancel))
                return Outcome.Settled;
            throw;
        }
        catch (StaleViewException e)
        {
            Log.StaleView(log, e.Message);
            return Outcome.Again(StalePeriod);
        }
    }

    async Task<bool> IsGoneAsync(ObjectKey key, CancellationToken cancel)
    {
        try
        {
            await client.GetAsync(InferenceService.Kind, key, cancel);
            return false;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return true;
        }
    }

    async Task<Outcome> PassAsync(ServiceView view, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var reading = await split.ReadAsync(view, cancel);
        reading = reading with { Watched = await monitors.ReadAsync(view, cancel) };
        reading = reading with { Judged = await gates.JudgeAsync(view, reading, cancel) };
        var route = await routes.ReadAsync(view, cancel);
        view = view with { Route = route.Live };
        var intent = Intent.Of(view, reading, route, options.Pods, now);
        var fence = new Fence(client, view.Service);
        var applier = new Applier(client, memory, view, fence);
        await applier.ApplyAsync(intent.Wanted.Where(IsRead), cancel);
        var missing = await new FrozenReferences(client, view, fence).EnsureAsync(intent.Planning.Records, intent.Wanted, cancel);
        await applier.ApplyAsync(intent.Wanted.Where(w => !IsRead(w) && !(w.Target is Deployment && missing.ContainsKey(w.Key.Name))), cancel);
        if (intent.Wanted.Select(static w => w.Target).OfType<ConfigMap>().FirstOrDefault() is { } document)
            await split.TellAsync(view, document, reading, fence, cancel);
        // Before status remembers it, so that no decision is acted on that the record lacks.
        var recorded = await attempts.RecordAsync(view, intent, reading.Judged, fence, now, cancel);

        IReadOnlyList<Failure> obstacles = [.. route.Problem is { } problem ? [problem] : Array.Empty<Failure>(), .. applier.Obstacles, .. missing.Values];
        var taken = await reactions.CarryOutAsync(view.Service, fence, cancel);
        var input = intent.Status(view, reading, route, obstacles) with { Monitoring = MonitoringView.Of(view, reading.Watched, taken, now) };
        var rendered = StatusFor.Render(input, now);
        if (await status.WriteAsync(view.Service, rendered, cancel))
        {
            fence.Passed();
            Tell(view.Service, Reporter.Of(input, rendered));
        }

        // What could not be written may be what users were to move to.
        if (obstacles.Count == 0)
            await Pruner.PruneAsync(client, view, intent.Wanted, fence, cancel);
        return Next(view.Service, intent, route, obstacles.Count > 0 || applier.Waiting || !recorded, now);
    }

    /// <summary>Pods read it, so it is there before them.</summary>
    static bool IsRead(WantedObject wanted) => wanted.Target is ControllerRevision or ConfigMap;

    static Outcome Next(InferenceService service, Intent intent, RouteReading route, bool obstructed, DateTimeOffset now)
    {
        var decision = intent.Decision;
        var awaited = decision.State.Step is null ? (TimeSpan?)null
            : decision.Split?.Equals(intent.Seen.Split) is true ? WatchingPeriod : AwaitingPeriod;
        TimeSpan?[] times =
        [
            obstructed ? ObstaclePeriod : null,
            awaited,
            // Routes are not watched; who may write one has one.
            route.Waiting is not null ? WatchingPeriod : route.MayWrite ? ObstaclePeriod : null,
            decision.NextTime - now,
            MonitorReader.Every(service),
        ];
        return times.Min() is { } wait ? Outcome.Again(wait > TimeSpan.Zero ? wait : TimeSpan.Zero) : Outcome.Settled;
    }

    void Tell(InferenceService service, IEnumerable<Occasion> occasions)
    {
        foreach (var occasion in occasions)
        {
            if (occasion.Warning)
                events.Warning(service, occasion.Reason, "Reconcile", occasion.Message);
            else
                events.Normal(service, occasion.Reason, "Reconcile", occasion.Message);
        }
    }
}

/// <summary>What the reconcilers are told by the command line.</summary>
/// <param name="Pods">Of new revisions.</param>
internal sealed record ReconcileOptions(PodOptions Pods);
