using Sluice.Support.Http;
using Sluice.Support.Models;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.Chart;

/// <summary>The operator in pods of its own, as the chart makes them.</summary>
public sealed class OperatorUpgradeTests
{
    [Fact]
    public async Task An_upgrade_of_the_operator_restarts_no_model_pod_and_fails_no_user()
    {
        await using var cluster = await OperatorCluster.StartAsync();
        SampleModels.PutIntoClaim(cluster.State, "default");
        var values = Path.Combine(cluster.Folder, "values.yaml");
        await File.WriteAllTextAsync(values, OperatorCluster.Values);
        await cluster.HelmAsync("install", "sluice", Rendered.Chart, "-n", "sluice-system", "-f", values, "--wait", "--timeout", "3m");
        await cluster.KubectlAsync("apply", "-f", Checkout.Path("config", "samples", "iris.yaml"));
        await cluster.KubectlAsync("wait", "--for=condition=Ready", "--timeout=3m", "inferenceservice/iris");
        await cluster.KubectlAsync("wait", "--for=jsonpath={.status.stable.readyReplicas}=2", "--timeout=3m", "inferenceservice/iris");
        var (operators, models) = (await PodsAsync(cluster, "sluice-system"), await PodsAsync(cluster, "default"));
        var address = await cluster.KubectlAsync("get", "service", "iris", "-o", "jsonpath={.spec.clusterIP}:{.spec.ports[0].port}");
        await using var users = Users.Of(new Uri($"http://{address.Trim()}/v1/models/iris:predict"));

        await cluster.HelmAsync("upgrade", "sluice", Rendered.Chart, "-n", "sluice-system", "--reuse-values", "--set", "workers=4", "--wait", "--timeout", "3m");

        (await PodsAsync(cluster, "sluice-system")).Should().HaveCount(2).And.NotIntersectWith(operators, "the operator is another one");
        await cluster.KubectlAsync("patch", "inferenceservice", "iris", "--type", "merge", "-p", """{"spec": {"predictor": {"maxReplicas": 5}}}""");
        await cluster.KubectlAsync("wait", "--for=jsonpath={.status.observedGeneration}=2", "--timeout=3m", "inferenceservice/iris");
        (await PodsAsync(cluster, "default")).Should().Contain(models, "an upgrade is no business of the models");
        var (answered, failures) = await users.LeaveAsync();
        failures.Should().BeEmpty();
        answered.Should().BePositive();
    }

    /// <summary>The pods that are not on their way out, each with its restarts.</summary>
    static async Task<string[]> PodsAsync(HelmCluster cluster, string ns) =>
        [.. (await cluster.KubectlAsync("get", "pods", "-n", ns, "-o", "jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[*].restartCount} {.metadata.deletionTimestamp}{\"\\n\"}{end}"))
            .Split('\n').Where(static pod => pod.EndsWith(' '))];
}
