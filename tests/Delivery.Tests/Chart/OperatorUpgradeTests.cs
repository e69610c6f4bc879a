using Sluice.Support.Http;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Chart;

/// <summary>
/// The operator in pods of its own, as the chart makes them. The local cluster hands out no service account tokens, so
/// it reads a kubeconfig from a Secret.
/// </summary>
public sealed class OperatorUpgradeTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("sluice-upgrade-").FullName;
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
        const string runtimeImage = "--runtime-image=";
        var made = Rendered.Objects(await Rendered.TemplateAsync())["Deployment sluice-system/sluice-operator"]["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var runtime = made["args"]!.AsArray().Select(static a => (string)a!).Single(static a => a.StartsWith(runtimeImage, StringComparison.Ordinal))[runtimeImage.Length..];
        var state = Path.Combine(folder, "state");
        cluster = RunningProgram.Start(Checkout.Published("sluice-local"),
        [
            "up", "--port", "0", "--state", state, "--kubeconfig", Path.Combine(folder, "kubeconfig"),
            "--image", $"{made["image"]}={Checkout.Published("sluice-operator")}",
            "--image", $"{runtime}={Checkout.Published("sluice-runtime")}",
        ]);
        await cluster.WaitForAsync("kubeconfig", TimeSpan.FromMinutes(1));
        var models = Checkout.Path("config", "samples", "models");
        foreach (var model in Directory.EnumerateFiles(models, "*.onnx", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(state, "volumes", "default", "models", Path.GetRelativePath(models, model));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(model, copy);
        }
    }

    public async Task DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_upgrade_of_the_operator_restarts_no_model_pod_and_fails_no_user()
    {
        await KubectlAsync("create", "namespace", "sluice-system");
        await KubectlAsync("create", "secret", "generic", "kubeconfig", "-n", "sluice-system", "--from-file", Path.Combine(folder, "kubeconfig"));
        var values = Path.Combine(folder, "values.yaml");
        await File.WriteAllTextAsync(values, """
            extraArgs: [--kubeconfig=/etc/cluster/kubeconfig]
            extraVolumes: [{name: kubeconfig, secret: {secretName: kubeconfig}}]
            extraVolumeMounts: [{name: kubeconfig, mountPath: /etc/cluster}]
            """);
        await HelmAsync("install", "sluice", Rendered.Chart, "-n", "sluice-system", "-f", values, "--wait", "--timeout", "3m");
        await KubectlAsync("apply", "-f", Checkout.Path("config", "samples", "iris.yaml"));
        await KubectlAsync("wait", "--for=condition=Ready", "--timeout=3m", "inferenceservice/iris");
        await KubectlAsync("wait", "--for=jsonpath={.status.stable.readyReplicas}=2", "--timeout=3m", "inferenceservice/iris");
        var (operators, models) = (await PodsAsync("sluice-system"), await PodsAsync("default"));
        var address = await KubectlAsync("get", "service", "iris", "-o", "jsonpath={.spec.clusterIP}:{.spec.ports[0].port}");
        await using var users = Users.Of(new Uri($"http://{address.Trim()}/v1/models/iris:predict"));

        await HelmAsync("upgrade", "sluice", Rendered.Chart, "-n", "sluice-system", "--reuse-values", "--set", "workers=4", "--wait", "--timeout", "3m");

        (await PodsAsync("sluice-system")).Should().HaveCount(2).And.NotIntersectWith(operators, "the operator is another one");
        await KubectlAsync("patch", "inferenceservice", "iris", "--type", "merge", "-p", """{"spec": {"predictor": {"maxReplicas": 5}}}""");
        await KubectlAsync("wait", "--for=jsonpath={.status.observedGeneration}=2", "--timeout=3m", "inferenceservice/iris");
        (await PodsAsync("default")).Should().Contain(models, "an upgrade is no business of the models");
        var (answered, failures) = await users.LeaveAsync();
        failures.Should().BeEmpty();
        answered.Should().BePositive();
    }

    /// <summary>The pods that are not on their way out, each with its restarts.</summary>
    async Task<string[]> PodsAsync(string ns) =>
        [.. (await KubectlAsync("get", "pods", "-n", ns, "-o", "jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[*].restartCount} {.metadata.deletionTimestamp}{\"\\n\"}{end}"))
            .Split('\n').Where(static pod => pod.EndsWith(' '))];

    Task<string> HelmAsync(params string[] arguments) => RunAsync("helm", arguments);

    Task<string> KubectlAsync(params string[] arguments) => RunAsync("kubectl", arguments);

    async Task<string> RunAsync(string tool, string[] arguments)
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Tool(tool), arguments, Environment, limit: TimeSpan.FromMinutes(5));
        code.Should().Be(0, $"{tool} {string.Join(' ', arguments)} says: {output}");
        return output;
    }
}
