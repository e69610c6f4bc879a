using Sluice.Kubernetes.Client;

namespace Sluice.LocalCluster.Hosting;

/// <summary>The API, and everything that acts on objects as its ordinary client, in this process.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    readonly ApiHost _api;
    readonly CancellationTokenSource _stop;

    RunningCluster(ApiHost api, KubeClient client, Task components, CancellationTokenSource stop) =>
        (_api, Client, Components, _stop) = (api, client, components, stop);

    public Uri Address => _api.Address;

    /// <summary>A client with the administrator's rights.</summary>
    public KubeClient Client { get; }

    /// <summary>Ends, with its error, when controllers or kubelet cannot go on.</summary>
    public Task Components { get; }

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<RunningCluster> StartAsync(
        ClusterOptions options, TimeProvider clock, ILoggerFactory logs, CancellationToken cancel)
    {
        var api = await ApiHost.StartAsync(options, clock, logs, cancel);
        var client = new KubeClient(KubeConfig.Load(options.Kubeconfig), new KubeClientOptions
        {
            Time = clock,
            UserAgent = "sluice-local",
            // Each watch holds a connection, and there is one for every kind.
            MaxConnectionsPerServer = 512,
        });
        var components = new ClusterComponents(client, new ComponentOptions
        {
            StateFolder = options.State,
            Images = options.Images,
            Time = clock,
            Random = new Random(unchecked((int)clock.GetTimestamp())),
            Logging = logs,
        });
        var stop = new CancellationTokenSource();
        var running = Task.Run(() => components.RunAsync(stop.Token), CancellationToken.None);
        return new RunningCluster(api, client, running, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Components;
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            // Asked to end, or already reported to whoever awaited it.
        }

        Client.Dispose();
        await _api.DisposeAsync();
        _stop.Dispose();
    }
}
