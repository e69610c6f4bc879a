using Sluice.Kubernetes.Client;
using Sluice.Support.Programs;

namespace Sluice.Integration.World;

/// <summary>One server and one operator for the whole suite.</summary>
public sealed class Cluster : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("sluice-integration-").FullName;
    IServer? _server;
    KubeClient? _client;
    int _spaces;

    internal Api Api { get; private set; } = null!;

    internal string Kubeconfig => _server!.Kubeconfig;

    internal RunningProgram Operator { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _server = TestEnvironment.Kind switch
        {
            ClusterKind.Real => new GivenServer(TestEnvironment.Kubeconfig!),
            ClusterKind.ApiServerAlone => await ApiServerAlone.StartAsync(TestEnvironment.Assets!, _folder),
            _ => await LocalServer.StartAsync(_folder),
        };
        _client = new KubeClient(KubeConfig.Load(_server.Kubeconfig));
        Api = new Api(_client);
        Support.Measuring.Measured.Report("integration suite ran against", $"{_server.Description} ({await VersionAsync()})");
        await ApplyCrdsAsync();
        Operator = StartOperator();
        await Operator.WaitForAsync("leading", TimeSpan.FromSeconds(60));
    }

    /// <summary>Where the local cluster keeps what lies in a claim.</summary>
    internal string ClaimFolder(Space space, string claim) => Path.Combine(_folder, "state", "volumes", space.Name, claim);

    /// <summary>A fresh namespace.</summary>
    internal async Task<Space> SpaceAsync()
    {
        var name = $"suite-{Environment.ProcessId}-{Interlocked.Increment(ref _spaces)}";
        await Api.ApplyAsync("/api/v1/namespaces/" + name, $$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{name}}}
            """);
        return new Space(this, name);
    }

    /// <summary>Another operator beside the first, or after its end.</summary>
    internal RunningProgram StartOperator(params ReadOnlySpan<string> options) => RunningProgram.Start(
        Checkout.Published("sluice-operator"),
        ["run", "--kubeconfig", Kubeconfig, "--runtime-image", TestEnvironment.RuntimeImage, "--metrics", "127.0.0.1:0",
            "--lease-namespace", "default", .. options]);

    /// <summary>Lets an operator with further options work until the result is disposed of, and the usual one from then on.</summary>
    internal async Task<IAsyncDisposable> WithOperatorAsync(params string[] options)
    {
        await EndOperatorAsync();
        Operator = StartOperator(options);
        await Operator.WaitForAsync("leading", TimeSpan.FromSeconds(60));
        return new UsualOperator(this);
    }

    sealed class UsualOperator(Cluster cluster) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await cluster.EndOperatorAsync();
            cluster.Operator = cluster.StartOperator();
            await cluster.Operator.WaitForAsync("leading", TimeSpan.FromSeconds(60));
        }
    }

    /// <summary>A folder that goes with the cluster.</summary>
    internal string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    async Task EndOperatorAsync()
    {
        await Operator.SignalAsync("TERM");
        await Operator.ExitAsync(TimeSpan.FromSeconds(60));
        await Operator.DisposeAsync();
    }

    internal async Task ReplaceOperatorAsync(string signal)
    {
        await Operator.SignalAsync(signal);
        await Operator.ExitAsync(TimeSpan.FromSeconds(60));
        await RestartOperatorAsync();
    }

    /// <summary>
    /// The operator dies without a word, and another one takes over. Its lease is taken away, so that the test need not
    /// wait until it is over; that one is respected is a test of its own.
    /// </summary>
    internal async Task KillOperatorAsync()
    {
        await Operator.SignalAsync("KILL");
        await Operator.ExitAsync(TimeSpan.FromSeconds(60));
        await Api.DeleteAsync("/apis/coordination.k8s.io/v1/namespaces/default/leases/sluice-operator");
        await RestartOperatorAsync();
        await Operator.WaitForAsync("leading", TimeSpan.FromSeconds(60));
    }

    /// <summary>Starts an operator in the place of one that has ended.</summary>
    internal async Task RestartOperatorAsync()
    {
        await Operator.DisposeAsync();
        Operator = StartOperator();
    }

    internal async Task<T> UntilAsync<T>(string what, Func<Task<T?>> probe, Func<Task<string>> describe, TimeSpan limit)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        for (; ; )
        {
            if (await probe() is { } found) return found;
            if (TimeProvider.System.GetElapsedTime(started) > limit)
                throw new TimeoutException(
                    $"not within {limit.TotalSeconds} s: {what}\n{await describe()}\noperator:\n{Tail(Operator.Output)}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    public async Task DisposeAsync()
    {
        if (Operator is not null)
        {
            await File.WriteAllTextAsync(Checkout.Path("artifacts", "test", "integration-operator.log"), Operator.Output);
            await Operator.DisposeAsync();
        }
        var record = TestEnvironment.Kind is ClusterKind.Local && _client is not null ? await Api.GetAsync("/debug/requests") : null;
        _client?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        if (record is not null) Rights.Check(record);
    }

    async Task ApplyCrdsAsync()
    {
        foreach (var name in new[] { "inferenceservices", "modelversions" })
        {
            var path = $"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}.sluice.dev";
            await Api.ApplyAsync(path, await File.ReadAllTextAsync(Checkout.Path("crds", name + ".yaml")));
            await UntilAsync($"{name} is served", async () =>
                await Api.GetAsync($"/apis/sluice.dev/v1alpha1/{name}") is not null ? "yes" : null,
                () => Task.FromResult(""), TimeSpan.FromSeconds(30));
        }
    }

    async Task<string> VersionAsync() => (string?)(await Api.GetAsync("/version"))?["gitVersion"] ?? "version unknown";

    static string Tail(string text) => text.Length <= 6000 ? text : text[^6000..];
}

[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<Cluster>
{
    public const string Name = "cluster";
}
