using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Diagnostics;
using Sluice.Kubernetes.Election;
using Sluice.Kubernetes.Events;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.Operator.Metrics;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Tracing;
using Sluice.Operator.Traffic;
using Sluice.Telemetry;

namespace Sluice.Operator.Hosting;

/// <summary>
/// Starts in this order: health and metrics, informers, election, controllers; and stops in the reverse one. A former
/// leader ends the process at once, because somebody else may be working already.
/// </summary>
internal sealed class OperatorHost(OperatorOptions options, ILoggerFactory logging, TimeProvider time)
{
    const string Component = "sluice-operator";

    /// <summary>Of one metric that is exported: a thousand services have several for each of some.</summary>
    const int MostSeries = 20_000;

    readonly ILogger log = logging.CreateLogger(Component);
    readonly Jitter jitter = Jitter.FromEntropy();

    /// <returns>The exit code.</returns>
    /// <exception cref="KubeConfigException">There is no cluster to work with.</exception>
    /// <exception cref="TelemetryException">OpenTelemetry's variables say what cannot be done.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var exported = TelemetrySettings.Read(Component, ProgramVersion.Text, Environment.GetEnvironmentVariable);
        using var client = new KubeClient(
            KubeConfig.Load(options.Kubeconfig, options.Context),
            new KubeClientOptions { Time = time, Jitter = jitter, Logging = logging, UserAgent = $"{FieldManagers.Objects}/{ProgramVersion.Text}" });
        Log.Starting(log, ProgramVersion.Text, client.Config.Server, options.Namespaces.Count == 0 ? "all" : string.Join(',', options.Namespaces), options.RuntimeImage);

        var metrics = new MetricRegistry();
        await using var telemetry = exported is null ? null : TelemetryExport.Start(
            exported, Component, metrics, MostSeries, [Traces.Name, RolloutTraces.Name, "System.Net.Http"], time, log);
        metrics.Gauge(OperatorCatalog.BuildInfo).With(ProgramVersion.Text).Set(1);
        using var meters = new MeterBridge(metrics, Meters.Instruments);
        ProcessSeries.Register(metrics);
        var stores = new StoresByNamespace(options.Namespaces, ns => new Stores(client, Watching(ns)));
        var leadership = Leadership.Observed(metrics);
        FleetMetrics.Of(stores, leadership).Register(metrics);
        var ends = new RolloutCounts(metrics, leadership);
        using var traces = new RolloutTraces(leadership, time);
        foreach (var here in stores.All)
        {
            ends.Watch(here.Services);
            traces.Watch(here.Services);
        }

        await using var health = await HealthServer.StartAsync(options.Metrics, metrics, stores.Informers, logging);
        Log.Listening(log, health.Address);

        using var scraper = new PodScraper(time, metrics.Counter(OperatorCatalog.PodReads));
        using var controllers = new Controllers(client, stores, options, Recorder(client), scraper.ReadAsync, logging, jitter, time);
        using var ending = new CancellationTokenSource();
        var background = Task.WhenAll([.. stores.All.Select(s => s.RunAsync(ending.Token)), controllers.Events.RunAsync(ending.Token)]);
        try
        {
            await LeadAsync(client, (stopping, lost) => leadership.WhileAsync(() => controllers.RunAsync(stopping, lost)), stop);
            return 0;
        }
        catch (LeadershipLostException e)
        {
            Log.LeadershipLost(log, e.Message);
            return 1;
        }
        finally
        {
            await ending.CancelAsync();
            await background.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    async Task LeadAsync(KubeClient client, Func<CancellationToken, CancellationToken, Task> work, CancellationToken stop)
    {
        using var told = stop.Register(() => Log.Stopping(log));
        if (!options.LeaderElect)
        {
            await work(stop, CancellationToken.None);
            return;
        }

        var lease = new ObjectKey(options.LeaseNamespace, Component);
        Log.Waiting(log, lease);
        var elector = new LeaderElector(client, new LeaderElectionOptions
        {
            Lease = lease,
            Identity = LeaderElectionOptions.UniqueIdentity(Environment.MachineName),
            Time = time,
            Jitter = jitter,
            Log = log,
        });
        await elector.RunAsync(work, stop);
    }

    EventRecorder Recorder(KubeClient client) => new(client, new EventRecorderOptions
    {
        Component = Component,
        Instance = Environment.MachineName,
        Time = time,
        Jitter = jitter,
        Log = log,
    });

    InformerOptions Watching(string? ns) => new() { Namespace = ns, Time = time, Jitter = jitter, Log = logging.CreateLogger("informers") };
}
