using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Events;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.Operator.Desired;
using Sluice.Operator.Evidence;
using Sluice.Operator.Monitoring;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Traffic;

namespace Sluice.Operator.Hosting;

/// <summary>Which change makes which object be looked at, and who looks.</summary>
internal sealed class Controllers : IDisposable
{
    /// <summary>A pass over a ModelVersion is at most two writes; the waiting is done by its Job.</summary>
    const int VersionWorkers = 2;

    readonly StoresByNamespace stores;
    readonly OperatorOptions options;
    readonly ILogger log;
    readonly WorkQueue<ObjectKey> services;
    readonly WorkQueue<ObjectKey> versions;
    readonly PrometheusQueries? queries;
    readonly EventSink sink;
    readonly Controller<ObjectKey> serviceController;
    readonly Controller<ObjectKey> versionController;

    public Controllers(
        KubeClient client, StoresByNamespace stores, OperatorOptions options, EventRecorder events, Scrape scrape, ILoggerFactory logging, Jitter jitter, TimeProvider time)
    {
        (this.stores, this.options, Events) = (stores, options, events);
        log = logging.CreateLogger("controllers");
        services = new WorkQueue<ObjectKey>("inferenceservices", time, jitter);
        versions = new WorkQueue<ObjectKey>("modelversions", time, jitter);
        var settings = new ControllerOptions { Workers = options.Workers, Time = time, Log = log };
        sink = new EventSink(time);
        queries = options.Prometheus is { } address ? new PrometheusQueries(address, time) : null;
        var told = new ReconcileOptions(new PodOptions(options.RuntimeImage, options.ModelCache is { } cache ? cache with { Size = options.ModelCacheSize } : null, options.LeaseNamespace)
        {
            Telemetry = options.PodTelemetry,
        });
        var reconciler = new InferenceServiceReconciler(client, stores, told, new PodSplit(client, scrape, time), new MonitorReader(scrape, time), new Reactions(client, sink, time), new GateKeeper(queries, time),
            new GatewayRoutes(client, everywhere: options.Namespaces.Count == 0, time), events, log, time);
        serviceController = new Controller<ObjectKey>("inferenceservice", services, reconciler, settings);
        versionController = new Controller<ObjectKey>("modelversion", versions, new ModelVersionReconciler(client, stores, told, events, time), settings with { Workers = VersionWorkers });
        foreach (var here in stores.All)
            Trigger(here);
    }

    public EventRecorder Events { get; }

    public Task RunAsync(CancellationToken stop, CancellationToken lost)
    {
        Log.Working(log, options.Workers);
        return Task.WhenAll(
            serviceController.RunAsync(stores.Informers, stop, lost),
            versionController.RunAsync(stores.Informers, stop, lost));
    }

    public void Dispose()
    {
        queries?.Dispose();
        sink.Dispose();
        services.Dispose();
        versions.Dispose();
    }

    void Trigger(Stores here)
    {
        // Its own status is part of what a service is decided on.
        here.Services.EnqueueSelfAlways(services);
        here.Versions.EnqueueSelfAlways(versions);
        here.Versions.EnqueueMapped(services, version => here.ByVersion[Stores.VersionKey(version.Key)].Select(static s => s.Key));
        Trigger(here.VerifyingJobs);
        Trigger(here.VerifyingPods);
        Trigger(here.Records);
        Trigger(here.Deployments);
        Trigger(here.Pods);
        Trigger(here.Fronts);
        Trigger(here.Slices);
        Trigger(here.ConfigMaps);
        Trigger(here.Autoscalers);
        Trigger(here.Budgets);
        Trigger(here.Policies);
    }

    void Trigger<T>(VerifyingStore<T> verifying)
        where T : class, IKubeObject<T> =>
        verifying.Informer.EnqueueMapped(versions, static item => VerifyingStore<T>.VersionOf(item) is { } key ? [key] : []);

    /// <summary>By the label and not by the owner: pods and endpoints have other owners, and an owner can be edited away.</summary>
    void Trigger<T>(OwnedStore<T> owned)
        where T : class, IKubeObject<T> =>
        owned.Informer.EnqueueMapped(services, static item => OwnedStore<T>.ServiceOf(item) is { } key ? [key] : []);
}
