using System.Text.Json.Nodes;
using Sluice.Plugin.Conversion;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Tests.Conversion;

public sealed class SeldonTests
{
    [Fact]
    public void Every_field_of_a_deployment_that_nobody_knows_is_named_with_its_place()
    {
        var converted = Deployment("""
            {"invented": 1, "protocol": "v2", "predictors": [{"another": true, "graph": {"implementation": "onnx", "modelUri": "s3://b/m.onnx", "third": 3},
             "componentSpecs": [{"kedaSpec": {"maxReplicaCount": 5}, "spec": {"containers": [{"name": "c", "image": "i"}]}}]}]}
            """);

        converted.Notes.Where(static n => n.Kind == NoteKind.Lost).Select(static n => n.Path).Should().BeEquivalentTo(
            "spec.invented", "spec.predictors[0].another", "spec.predictors[0].graph.third",
            "spec.predictors[0].componentSpecs[0].kedaSpec.maxReplicaCount", "spec.predictors[0].componentSpecs[0].spec.containers[0].image");
    }

    [Fact]
    public void A_strategy_of_ones_own_wins_over_the_shares()
    {
        const string two = """{"protocol": "v2", "predictors": [{"name": "a", "traffic": 90, "graph": {"modelUri": "s3://b/1.onnx", "implementation": "onnx"}}, {"name": "b", "traffic": 10, "graph": {"modelUri": "s3://b/2.onnx", "implementation": "onnx"}}]}""";

        Deployment(two).Manifests[^1]["spec"]!["rollout"]!["steps"]![0]!["weight"]!.ToString().Should().Be("10");
        Deployment(two, new ConversionOptions(Strategy: "BlueGreen")).Manifests[^1]["spec"]!["rollout"]!.ToJsonString().Should().Be("""{"strategy":"BlueGreen"}""");
    }

    [Fact]
    public void A_container_of_ones_own_is_refused_by_name() =>
        FluentActions.Invoking(() => Deployment("""{"predictors": [{"graph": {"name": "mine", "type": "MODEL"}}]}"""))
            .Should().Throw<PluginException>().WithMessage("SeldonDeployment iris: spec.predictors[0].graph has no modelUri*container of its own*");

    static Converted Deployment(string spec, ConversionOptions? options = null) => SeldonDeployment.Convert(new JsonObject
    {
        ["apiVersion"] = "machinelearning.seldon.io/v1",
        ["kind"] = "SeldonDeployment",
        ["metadata"] = new JsonObject { ["name"] = "iris" },
        ["spec"] = JsonNode.Parse(spec),
    }, options ?? new ConversionOptions());
}
