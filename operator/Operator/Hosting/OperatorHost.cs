using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Election;
using Sluice.Kubernetes.Events;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Traffic;

namespace Sluice.Operator.Hosting;

/// <summary>
/// Starts in this order: health and metrics, informers, election, controllers; and stops in the reverse one. A former
/// leader ends the process at once, because somebody else may be working already.
/// </summary>
internal sealed class OperatorHost(OperatorOptions options, ILoggerFactory logging, TimeProvider time)
{
    const string Component = "sluice-operator";

    readonly ILogger log = logging.CreateLogger(Component);
    readonly Jitter jitter = Jitter.FromEntropy();

    /// <returns>The exit code.</returns>
    /// <exception cref="KubeConfigException">There is no cluster to work with.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var client = new KubeClient(
            KubeConfig.Load(options.Kubeconfig, options.Context),
            new KubeClientOptions { Time = time, Jitter = jitter, Logging = logging, UserAgent = $"{FieldManagers.Objects}/{ProgramVersion.Text}" });
        Log.Starting(log, ProgramVersion.Text, client.Config.Server, options.Namespaces.Count == 0 ? "all" : string.Join(',', options.Namespaces), options.RuntimeImage);

        var metrics = new MetricRegistry();
        using var meters = new MeterBridge(metrics, Kubernetes.Diagnostics.Meters.Name);
        metrics.Gauge("sluice_operator_build_info", "Always 1.", "version").With(ProgramVersion.Text).Set(1);
        var stores = new StoresByNamespace(options.Namespaces, ns => new Stores(client, Watching(ns)));
        await using var health = await HealthServer.StartAsync(options.Metrics, metrics, stores.Informers, logging);
        Log.Listening(log, health.Address);

        using var scraper = new PodScraper(time);
        using var controllers = new Controllers(client, stores, options, Recorder(client), scraper.ReadAsync, logging, jitter, time);
        using var ending = new CancellationTokenSource();
        var background = Task.WhenAll([.. stores.All.Select(s => s.RunAsync(ending.Token)), controllers.Events.RunAsync(ending.Token)]);
        try
        {
            await LeadAsync(client, controllers, stop);
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

    async Task LeadAsync(KubeClient client, Controllers controllers, CancellationToken stop)
    {
        using var told = stop.Register(() => Log.Stopping(log));
        if (!options.LeaderElect)
        {
            await controllers.RunAsync(stop, CancellationToken.None);
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
        await elector.RunAsync(controllers.RunAsync, stop);
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
