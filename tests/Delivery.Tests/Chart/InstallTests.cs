using System.Text.Json.Nodes;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Chart;

/// <summary>
/// The chart through the real helm on the local cluster. The operator's own pods are not started there: the local
/// cluster hands out no service account tokens.
/// </summary>
public sealed class InstallTests
{
    [Fact]
    public async Task Installed_upgraded_and_removed_it_keeps_what_users_made()
    {
        await using var cluster = await HelmCluster.StartAsync();
        var older = await OlderChartAsync(cluster.Folder);
        await cluster.HelmAsync("install", "sluice", older, "--namespace", "sluice-system", "--create-namespace", "--set", "replicaCount=0");
        (await LabelAsync(cluster)).Should().Be("older");
        await cluster.KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", "crd/inferenceservices.sluice.dev", "crd/modelversions.sluice.dev");
        await cluster.KubectlAsync("apply", "-k", Checkout.Path("config", "samples"));
        foreach (var sample in new[] { "gateway.yaml", "iris-s3.yaml", "iris-drift.yaml", "batch.yaml" })
            await cluster.KubectlAsync("apply", "--dry-run=server", "-f", Checkout.Path("config", "samples", sample));

        await cluster.HelmAsync("upgrade", "sluice", Rendered.Chart, "--namespace", "sluice-system", "--reuse-values", "--set", "workers=4");

        (await LabelAsync(cluster)).Should().Be("crd", "an upgrade brings the CRDs of its version");
        (await cluster.KubectlAsync("get", "deployment", "sluice-operator", "-n", "sluice-system", "-o", "jsonpath={.spec.template.spec.containers[0].args}"))
            .Should().Contain("--workers=4");
        (await cluster.HelmAsync("status", "sluice", "--namespace", "sluice-system")).Should().Contain("STATUS: deployed");

        await cluster.HelmAsync("uninstall", "sluice", "--namespace", "sluice-system");

        (await cluster.KubectlAsync("get", "deployments,clusterroles,poddisruptionbudgets", "-A", "-l", "app.kubernetes.io/instance=sluice", "-o", "name")).Trim().Should().BeEmpty();
        (await cluster.KubectlAsync("get", "inferenceservices", "-o", "name")).Should().Contain("inferenceservice.sluice.dev/iris\n");
    }

    /// <summary>A chart whose CRD says something else.</summary>
    static async Task<string> OlderChartAsync(string folder)
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

    static async Task<string> LabelAsync(HelmCluster cluster)
    {
        var crd = JsonNode.Parse(await cluster.KubectlAsync("get", "crd", "modelversions.sluice.dev", "-o", "json"))!;
        return crd["metadata"]!["labels"]!["app.kubernetes.io/component"]!.ToString();
    }
}
