using System.Globalization;
using System.Security.Cryptography;
using Sluice.Kubernetes.Client;
using Sluice.Support.Programs;

namespace Sluice.Integration.World;

/// <summary>An API server that the suite may use.</summary>
internal interface IServer : IAsyncDisposable
{
    string Kubeconfig { get; }

    string Description { get; }
}

/// <summary>A cluster that is there already; the suite leaves it running.</summary>
internal sealed class GivenServer(string kubeconfig) : IServer
{
    public string Kubeconfig => kubeconfig;

    public string Description => "the cluster of SLUICE_TEST_KUBECONFIG";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The published local cluster.</summary>
internal sealed class LocalServer : IServer
{
    readonly RunningProgram _program;

    LocalServer(RunningProgram program, string kubeconfig)
    {
        _program = program;
        Kubeconfig = kubeconfig;
    }

    public string Kubeconfig { get; }

    public string Description =>
        "the local cluster; SLUICE_TEST_KUBECONFIG or KUBEBUILDER_ASSETS would choose a real server";

    public static async Task<LocalServer> StartAsync(string folder)
    {
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        var program = RunningProgram.Start(Checkout.Published("sluice-local"),
            ["up", "--port", "0", "--state", Path.Combine(folder, "state"), "--kubeconfig", kubeconfig,
                "--image", $"{TestEnvironment.RuntimeImage}={Checkout.Published("sluice-runtime")}",
                "--image", $"{TestEnvironment.ModelImage}={Checkout.Path("tests", "Models", "iris", "2")}"]);
        await program.WaitForAsync("kubeconfig", TimeSpan.FromSeconds(60));
        return new LocalServer(program, kubeconfig);
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}

/// <summary>etcd and kube-apiserver alone, started as envtest does.</summary>
internal sealed class ApiServerAlone : IServer
{
    readonly RunningProgram _etcd;
    readonly RunningProgram _server;

    ApiServerAlone(RunningProgram etcd, RunningProgram server, string kubeconfig)
    {
        _etcd = etcd;
        _server = server;
        Kubeconfig = kubeconfig;
    }

    public string Kubeconfig { get; }

    public string Description => "the kube-apiserver of KUBEBUILDER_ASSETS, without pods";

    public static async Task<ApiServerAlone> StartAsync(string assets, string folder)
    {
        var (clients, peers, port) = (LoopbackPort.Free(), LoopbackPort.Free(), LoopbackPort.Free());
        var etcd = RunningProgram.Start(Path.Combine(assets, "etcd"),
            ["--data-dir", Path.Combine(folder, "etcd"), "--unsafe-no-fsync",
                "--listen-client-urls", Local(clients), "--advertise-client-urls", Local(clients), "--listen-peer-urls", Local(peers)]);
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var tokens = await WriteAsync(folder, "tokens.csv", $"{token},admin,admin,system:masters\n");
        using var key = RSA.Create(2048);
        var serviceAccounts = await WriteAsync(folder, "sa.key", key.ExportPkcs8PrivateKeyPem());
        var server = RunningProgram.Start(Path.Combine(assets, "kube-apiserver"),
            ["--etcd-servers", Local(clients), "--cert-dir", Path.Combine(folder, "certs"),
                "--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--endpoint-reconciler-type", "none",
                "--secure-port", port.ToString(CultureInfo.InvariantCulture), "--token-auth-file", tokens, "--authorization-mode", "RBAC",
                "--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", serviceAccounts,
                "--service-account-signing-key-file", serviceAccounts, "--service-cluster-ip-range", "10.0.0.0/24",
                "--disable-admission-plugins", "ServiceAccount"]);
        var kubeconfig = await WriteAsync(folder, "kubeconfig", $$$"""
            apiVersion: v1
            kind: Config
            current-context: test
            clusters: [{name: test, cluster: {server: "https://127.0.0.1:{{{port}}}", insecure-skip-tls-verify: true}}]
            users: [{name: test, user: {token: {{{token}}}}}]
            contexts: [{name: test, context: {cluster: test, user: test}}]
            """);
        using var client = new KubeClient(KubeConfig.Load(kubeconfig));
        var started = TimeProvider.System.GetTimestamp();
        while (!await IsReadyAsync(client))
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMinutes(2))
                throw new TimeoutException($"kube-apiserver of {assets} was not ready within two minutes:\n{etcd.Output}\n{server.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
        return new ApiServerAlone(etcd, server, kubeconfig);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _etcd.DisposeAsync();
    }

    static async Task<bool> IsReadyAsync(KubeClient client)
    {
        try
        {
            using var answer = await client.RawAsync(HttpMethod.Get, "/readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static string Local(int port) => $"http://127.0.0.1:{port}";

    static async Task<string> WriteAsync(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
