using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Events;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.LocalCluster.Controllers;
using Sluice.LocalCluster.Controllers.Autoscaling;
using Sluice.LocalCluster.Controllers.Cluster;
using Sluice.LocalCluster.Controllers.Garbage;
using Sluice.LocalCluster.Controllers.Jobs;
using Sluice.LocalCluster.Controllers.Services;
using Sluice.LocalCluster.Controllers.Workloads;
using Sluice.LocalCluster.Kubelet;
using Sluice.LocalCluster.Kubelet.Containers;
using Sluice.LocalCluster.Kubelet.Logs;
using Sluice.LocalCluster.Kubelet.Probes;
using Sluice.LocalCluster.Kubelet.Processes;
using Sluice.LocalCluster.Kubelet.Usage;
using Sluice.LocalCluster.Network;

namespace Sluice.LocalCluster;

/// <summary>What the components need beside the API.</summary>
internal sealed record ComponentOptions
{
    /// <summary>Holds <c>pods/</c> and <c>volumes/</c>.</summary>
    public required string StateFolder { get; init; }

    /// <summary>From image names to programs on this machine.</summary>
    public required IReadOnlyDictionary<string, string> Images { get; init; }

    public required TimeProvider Time { get; init; }

    public required Random Random { get; init; }

    public required ILoggerFactory Logging { get; init; }
}

/// <summary>
/// Everything that acts on objects: controllers, scheduler, kubelet, service proxy. An ordinary client of the API that it
/// is given; the API server knows nothing of it.
/// </summary>
internal sealed class ClusterComponents
{
    private readonly KubeClient _client;
    private readonly ComponentOptions _options;
    private readonly ILogger _log;

    internal ClusterComponents(KubeClient client, ComponentOptions options)
    {
        (_client, _options) = (client, options);
        _log = options.Logging.CreateLogger("Sluice.LocalCluster");
        Usage = new ResourceUsage(options.Time);
        Logs = new LogFiles(options.StateFolder);
    }

    /// <summary>What the containers use now.</summary>
    internal ResourceUsage Usage { get; }

    /// <summary>Where their output lies.</summary>
    internal LogFiles Logs { get; }

    /// <summary>
    /// Runs until cancelled. Informers come first, then all who act on them; at the end the controllers stop before the
    /// kubelet ends the pods' processes, so that nobody replaces them. No process is left when this returns.
    /// </summary>
    /// <exception cref="IOException">Another sluice-local uses the state folder.</exception>
    internal async Task RunAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(_options.StateFolder);
        await using var inUse = Lock();
        await using var guard = new ProcessGuard();
        using var probes = new ProbeCheck(guard, _options.Time);
        var recorder = new EventRecorder(_client, new EventRecorderOptions
        {
            Component = "sluice-local",
            Instance = NodeInfo.LocalName,
            Time = _options.Time,
            Log = _log,
        });
        var context = Context(recorder);
        var controllers = new ControllerSet();
        Register(context, controllers);
        var agent = new NodeAgent(KubeletContext(context, guard, probes), context.Informers.Of<Pod>());

        using var informing = new CancellationTokenSource();
        using var acting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var kubelet = new CancellationTokenSource();
        var background = Task.WhenAll(
            Quiet(context.Informers.RunAsync(informing.Token)), Quiet(recorder.RunAsync(informing.Token)),
            Quiet(Usage.RunAsync(informing.Token)));
        var pods = agent.RunAsync(kubelet.Token);
        try
        {
            await controllers.RunAsync(acting.Token);
        }
        finally
        {
            await kubelet.CancelAsync();
            await pods;
            await informing.CancelAsync();
            await background;
        }
    }

    private static async Task Quiet(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private FileStream Lock()
    {
        var path = Path.Combine(_options.StateFolder, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"{_options.StateFolder} is in use by another sluice-local: stop it, or choose another folder.", e);
        }
    }

    private ControllerContext Context(EventRecorder recorder) => new()
    {
        Client = _client,
        Informers = new InformerSet(_client, new InformerOptions
        {
            Time = _options.Time,
            Jitter = new Jitter(new Random(_options.Random.Next())),
            Log = _log,
        }),
        Time = _options.Time,
        Random = _options.Random,
        Event = (target, type, reason, note) =>
        {
            if (type == "Warning")
                recorder.Warning(target, reason, reason, note);
            else
                recorder.Normal(target, reason, reason, note);
        },
        Log = _log,
    };

    private void Register(ControllerContext context, ControllerSet controllers)
    {
        ServiceAccountController.Register(context, controllers);
        NamespaceController.Register(context, controllers);
        DeploymentController.Register(context, controllers);
        ReplicaSetController.Register(context, controllers);
        EndpointSliceController.Register(context, controllers);
        DisruptionController.Register(context, controllers);
        VolumeClaimController.Register(context, controllers, _options.StateFolder);
        JobController.Register(context, controllers);
        CronJobController.Register(context, controllers);
        SchedulerController.Register(context, controllers);
        AutoscalerController.Register(context, controllers, Usage);
        GarbageLoop.Register(context, controllers);
        ServiceProxy.Register(context, controllers);
        var heartbeat = new NodeHeartbeat(_client, NodeInfo.Read(_options.StateFolder), _options.Time, _log);
        controllers.Add("node", heartbeat.RunAsync);
    }

    private KubeletContext KubeletContext(ControllerContext context, ProcessGuard guard, ProbeCheck probes)
    {
        var services = context.Informers.Of<Service>().Store;
        return new KubeletContext
        {
            Client = _client,
            StateFolder = _options.StateFolder,
            Images = new ImageMap(_options.Images),
            Node = NodeInfo.Read(_options.StateFolder),
            Time = _options.Time,
            Addresses = new AddressPool(_options.Random),
            Guard = guard,
            Probes = probes,
            Usage = Usage,
            Logs = Logs,
            Services = () => services.All,
            Event = (pod, type, reason, note) => context.Event(pod, type, reason, note),
            Log = _log,
        };
    }
}
