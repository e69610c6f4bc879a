using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Chart;

/// <summary>A local cluster with the real helm and kubectl.</summary>
internal sealed class HelmCluster : IAsyncDisposable
{
    readonly RunningProgram program;

    HelmCluster(string folder, RunningProgram program) => (Folder, this.program) = (folder, program);

    /// <summary>For files of the test; goes with the cluster.</summary>
    public string Folder { get; }

    public string Kubeconfig => Path.Combine(Folder, "kubeconfig");

    public string State => Path.Combine(Folder, "state");

    /// <param name="images">IMAGE=PROGRAM, for pods.</param>
    public static async Task<HelmCluster> StartAsync(params string[] images)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-chart-").FullName;
        var cluster = new HelmCluster(folder, RunningProgram.Start(Checkout.Published("sluice-local"),
        [
            "up", "--port", "0", "--state", Path.Combine(folder, "state"), "--kubeconfig", Path.Combine(folder, "kubeconfig"),
            .. images.SelectMany(static image => new[] { "--image", image }),
        ]));
        try
        {
            await cluster.program.WaitForAsync("kubeconfig", TimeSpan.FromMinutes(1));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task<string> HelmAsync(params string[] arguments) => RunAsync("helm", arguments);

    public Task<string> KubectlAsync(params string[] arguments) => RunAsync("kubectl", arguments);

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>As a person in the folder, where charts and config are those of the checkout.</summary>
    public Task<string> ShellAsync(string command)
    {
        foreach (var part in new[] { "charts", "config" }.Where(part => !Directory.Exists(Path.Combine(Folder, part))))
            Directory.CreateSymbolicLink(Path.Combine(Folder, part), Checkout.Path(part));
        return RunAsync("bash", "bash", ["-euo", "pipefail", "-c", $"cd '{Folder}'\n{command}"]);
    }

    Task<string> RunAsync(string tool, string[] arguments) => RunAsync(tool, Checkout.Tool(tool), arguments);

    async Task<string> RunAsync(string name, string file, string[] arguments)
    {
        var helm = Path.Combine(Folder, "helm");
        var (code, output) = await RunningProgram.RunAsync(file, arguments, new Dictionary<string, string>
        {
            ["PATH"] = $"{Path.GetDirectoryName(Checkout.Tool("helm"))}:{Environment.GetEnvironmentVariable("PATH")}",
            ["KUBECONFIG"] = Kubeconfig,
            ["HELM_CACHE_HOME"] = helm,
            ["HELM_CONFIG_HOME"] = helm,
            ["HELM_DATA_HOME"] = helm,
        }, limit: TimeSpan.FromMinutes(5));
        code.Should().Be(0, $"{name} {string.Join(' ', arguments)} says: {output}");
        return output;
    }
}
