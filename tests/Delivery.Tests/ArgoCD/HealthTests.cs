using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Support.Programs;

namespace Sluice.Delivery.Tests.ArgoCD;

/// <summary>What Argo CD shows of a resource: its own states as fixtures, and what the operator really writes.</summary>
public sealed class HealthTests
{
    [Theory]
    [InlineData("InferenceService")]
    [InlineData("ModelVersion")]
    public async Task Every_state_has_its_health(string kind)
    {
        foreach (var test in Customization.Read(kind, "health_test.yaml")["tests"]!.AsArray())
        {
            var input = test!["inputPath"]!.ToString();

            var health = await Lua.RunAsync(Customization.File(kind, "health.lua"), Customization.Read(kind, input));

            JsonNode.DeepEquals(health, test["healthStatus"]).Should().BeTrue($"{input} is {health.ToJsonString()}, not {test["healthStatus"]!.ToJsonString()}");
        }
    }

    [Theory]
    [InlineData("first-rollout", "Progressing")]
    [InlineData("candidate-takes-over", "Progressing")]
    [InlineData("autoscaled-candidate", "Progressing")]
    [InlineData("back-to-stable", "Progressing")]
    [InlineData("candidate-fails", "Degraded")]
    [InlineData("canary-awaits-approval", "Suspended")]
    [InlineData("canary-gate-undecided", "Progressing")]
    [InlineData("canary-aborted", "Progressing")]
    [InlineData("shadow-shift", "Progressing")]
    [InlineData("model-version-missing", "Progressing")]
    [InlineData("gateway-host-taken", "Degraded")]
    public async Task What_the_operator_writes_has_the_health_that_people_expect(string golden, string expected)
    {
        var folder = Checkout.Path("tests", "Operator.Tests", "Golden", golden);
        var service = Yaml.Read(await File.ReadAllTextAsync(Path.Combine(folder, "in.yaml")))
            .Select(static o => o.AsObject()).Single(static o => o["kind"]!.ToString() == "InferenceService");
        var status = Yaml.Read(await File.ReadAllTextAsync(Path.Combine(folder, "status.yaml")))[0];
        service["status"] = status.DeepClone();
        service["metadata"]!["generation"] = status["observedGeneration"]!.DeepClone();

        var health = await Lua.RunAsync(Customization.File("InferenceService", "health.lua"), service);

        health["status"]!.ToString().Should().Be(expected, health.ToJsonString());
        health["message"]!.ToString().Should().NotBeEmpty();
    }
}
