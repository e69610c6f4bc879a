using System.Text.Json.Nodes;
using Sluice.Plugin.Conversion;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Tests.Conversion;

public sealed class KServeTests
{
    [Fact]
    public void Every_field_that_nobody_knows_is_named()
    {
        var service = Service("""{"predictor": {"model": {"modelFormat": {"name": "onnx"}, "storageUri": "s3://b/m.onnx", "invented": 1}, "another": {"deep": [1]}}, "third": true}""");

        Paths(service, NoteKind.Lost).Should().BeEquivalentTo("spec.predictor.model.invented", "spec.predictor.another.deep", "spec.third");
    }

    [Fact]
    public void A_field_that_is_carried_over_is_not_named()
    {
        var service = Service("""
            {"predictor": {"minReplicas": 2, "maxReplicas": 4, "scaleMetric": "cpu", "scaleTarget": 70, "timeout": 30, "containerConcurrency": 4,
             "nodeSelector": {"a": "b"}, "tolerations": [{"key": "k", "operator": "Exists"}], "labels": {"team": "x"},
             "model": {"modelFormat": {"name": "onnx", "version": "1"}, "storageUri": "https://models.example/m.onnx", "protocolVersion": "v2",
                       "resources": {"requests": {"cpu": "1"}}, "env": [{"name": "A", "value": "b"}]}}}
            """);

        var converted = KServe.Convert(service, new ConversionOptions("7", "keys", "Canary"));

        converted.Notes.Should().BeEmpty();
        converted.Manifests[0]["spec"]!["credentials"]!["secretName"]!.ToString().Should().Be("keys");
        converted.Manifests[1]["spec"]!["predictor"]!["model"]!["version"]!.ToString().Should().Be("iris-v7");
        converted.Manifests[1]["spec"]!["rollout"]!["strategy"]!.ToString().Should().Be("Canary");
        JsonNode.DeepEquals(converted.Manifests[1]["spec"]!["predictor"]!["autoscaler"], JsonNode.Parse("""{"metric": "cpu", "target": 70}""")).Should().BeTrue();
    }

    [Fact]
    public void Batcher_and_logger_are_written_in_our_units()
    {
        var service = Service("""
            {"predictor": {"onnx": {"storageUri": "pvc://c/m.onnx"},
             "batcher": {"maxBatchSize": 16, "maxLatency": 20, "timeout": 60}, "logger": {"mode": "request", "url": "http://sink.example", "metadataHeaders": ["x-team"]}}}
            """);

        var predictor = KServe.Convert(service, new ConversionOptions()).Manifests[1]["spec"]!["predictor"]!;

        JsonNode.DeepEquals(predictor["batcher"], JsonNode.Parse("""{"maxBatchSize": 16, "maxLatency": "20ms"}""")).Should().BeTrue(predictor.ToJsonString());
        JsonNode.DeepEquals(predictor["logger"], JsonNode.Parse("""{"mode": "request", "url": "http://sink.example", "metadataHeaders": ["x-team"]}""")).Should().BeTrue();
        Paths(service, NoteKind.Lost).Should().Contain("spec.predictor.batcher.timeout");
        Paths(service, NoteKind.Changed).Should().Contain("spec.predictor.batcher.maxLatency", "there every request waits so long");
    }

    [Fact]
    public void A_service_without_a_model_is_refused_by_name()
    {
        var converting = FluentActions.Invoking(() => KServe.Convert(Service("""{"predictor": {"containers": [{"image": "mine"}]}}"""), new ConversionOptions()));

        converting.Should().Throw<PluginException>().WithMessage("InferenceService iris: spec.predictor has no model*containers*");
    }

    [Fact]
    public void A_file_without_KServe_says_what_to_try()
    {
        var finding = FluentActions.Invoking(() => Origin.ConvertAll("kind: Pod\nmetadata: {name: a}", "pod.yaml", new ConversionOptions()));

        finding.Should().Throw<PluginException>().WithMessage("pod.yaml: no InferenceService of serving.kserve.io in it, no SeldonDeployment*Try: kubectl get*");
    }

    [Theory]
    [InlineData("a: 1\nb: c: d", "bad.yaml: line 2, *")]
    [InlineData("a: [1,\nb", "bad.yaml: after line 1: *not closed*")]
    public void A_file_that_is_no_YAML_says_where(string text, string message)
    {
        var finding = FluentActions.Invoking(() => Origin.ConvertAll(text, "bad.yaml", new ConversionOptions()));

        finding.Should().Throw<PluginException>().WithMessage(message);
    }

    [Fact]
    public void What_kubectl_get_prints_is_read_as_it_is()
    {
        var (services, others) = Origin.ConvertAll(
            """{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "metadata": {"name": "a", "uid": "u", "resourceVersion": "1", "managedFields": [{}]}, "spec": {"predictor": {"onnx": {"storageUri": "pvc://c/m.onnx"}}}, "status": {"url": "x"}}, {"kind": "Secret", "metadata": {"name": "s"}}]}""", "-", new ConversionOptions());

        others.Should().Equal("Secret s: is not a model that is served");
        services.Should().ContainSingle().Which.Notes.Should().BeEmpty();
    }

    static IEnumerable<string> Paths(JsonObject service, string kind) =>
        KServe.Convert(service, new ConversionOptions()).Notes.Where(n => n.Kind == kind).Select(static n => n.Path);

    static JsonObject Service(string spec) => new()
    {
        ["apiVersion"] = "serving.kserve.io/v1beta1",
        ["kind"] = "InferenceService",
        ["metadata"] = new JsonObject { ["name"] = "iris" },
        ["spec"] = JsonNode.Parse(spec),
    };
}
