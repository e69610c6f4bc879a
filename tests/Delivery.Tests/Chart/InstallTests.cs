using System.Text.Json.Nodes;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Chart;

/// <summary>
/// The chart through the real helm on the local cluster. The operator's own pods are not started there: the local
/// cluster hands out no service account tokens.
/// </summary>
public sealed class InstallTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("sluice-chart-").FullName;
    RunningProgram? cluster;

    Dictionary<string, string> Environment => new()
    {
        ["KUBECONFIG"] = Path.Combine(folder, "kubeconfig"),
        ["HELM_CACHE_HOME"] = Path.Combine(folder, "helm"),
        ["HELM_CONFIG_HOME"] = Path.Combine(folder, "helm"),
        ["HELM_DATA_HOME"] = Path.Combine(folder, "helm"),
    };

    public async Task InitializeAsync()
    {
        cluster = RunningProgram.Start(Checkout.Published("sluice-local"),
            ["up", "--port", "0", "--state", Path.Combine(folder, "state"), "--kubeconfig", Path.Combine(folder, "kubeconfig")]);
        await cluster.WaitForAsync("kubeconfig", TimeSpan.FromMinutes(1));
    }

    public async Task DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Installed_upgraded_and_removed_it_keeps_what_users_made()
    {
        var older = await OlderChartAsync();
        await HelmAsync("install", "sluice", older, "--namespace", "sluice-system", "--create-namespace", "--set", "replicaCount=0");
        (await LabelAsync()).Should().Be("older");
        await KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", "crd/inferenceservices.sluice.dev", "crd/modelversions.sluice.dev");
        await KubectlAsync("apply", "-k", Checkout.Path("config", "samples"));
        foreach (var sample in new[] { "gateway.yaml", "iris-s3.yaml", "iris-drift.yaml", "batch.yaml" })
            await KubectlAsync("apply", "--dry-run=server", "-f", Checkout.Path("config", "samples", sample));

        await HelmAsync("upgrade", "sluice", Rendered.Chart, "--namespace", "sluice-system", "--reuse-values", "--set", "workers=4");

        (await LabelAsync()).Should().Be("crd", "an upgrade brings the CRDs of its version");
        (await KubectlAsync("get", "deployment", "sluice-operator", "-n", "sluice-system", "-o", "jsonpath={.spec.template.spec.containers[0].args}"))
            .Should().Contain("--workers=4");
        (await HelmAsync("status", "sluice", "--namespace", "sluice-system")).Should().Contain("STATUS: deployed");

        await HelmAsync("uninstall", "sluice", "--namespace", "sluice-system");

        (await KubectlAsync("get", "deployments,clusterroles,poddisruptionbudgets", "-A", "-l", "app.kubernetes.io/instance=sluice", "-o", "name")).Trim().Should().BeEmpty();
        (await KubectlAsync("get", "inferenceservices", "-o", "name")).Should().Contain("inferenceservice.sluice.dev/iris\n");
    }

    /// <summary>A chart whose CRD says something else.</summary>
    async Task<string> OlderChartAsync()
    {
        var older = Path.Combine(folder, "older");
        foreach (var file in Directory.EnumerateFiles(Rendered.Chart, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(older, Path.GetRelativePath(Rendered.Chart, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        var crd = Path.Combine(older, "files", "crds", "modelversions.yaml");
        var text = await File.ReadAllTextAsync(crd);
        text.Should().Contain("app.kubernetes.io/component: crd");
        await File.WriteAllTextAsync(crd, text.Replace("app.kubernetes.io/component: crd", "app.kubernetes.io/component: older", StringComparison.Ordinal));
        return older;
    }

    async Task<string> LabelAsync()
    {
        var crd = JsonNode.Parse(await KubectlAsync("get", "crd", "modelversions.sluice.dev", "-o", "json"))!;
        return crd["metadata"]!["labels"]!["app.kubernetes.io/component"]!.ToString();
    }

    Task<string> HelmAsync(params string[] arguments) => RunAsync("helm", arguments);

    Task<string> KubectlAsync(params string[] arguments) => RunAsync("kubectl", arguments);

    async Task<string> RunAsync(string tool, string[] arguments)
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Tool(tool), arguments, Environment, limit: TimeSpan.FromMinutes(3));
        code.Should().Be(0, $"{tool} {string.Join(' ', arguments)} says: {output}");
        return output;
    }
}
