using System.Net;
using System.Text.Json.Nodes;
using Sluice.Integration.World;
using Sluice.Support.Measuring;

namespace Sluice.Integration.Scenarios;

/// <summary>From apply to predictions, and from one version to the next.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ServingTests(Cluster cluster)
{
    [PodFact]
    public async Task A_model_is_applied_becomes_ready_and_predicts()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        var started = TimeProvider.System.GetTimestamp();
        await space.ServiceAsync("iris", "iris-2");

        await space.ReadyAsync("iris");

        Measured.Report("apply to Ready", $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
        var (code, answer) = await space.AskModelAsync("iris", "v1/models/iris:predict", Iris.AllRows);
        code.Should().Be(HttpStatusCode.OK, answer);
        Iris.Accuracy(answer).Should().BeGreaterThan(0.9);
        (await space.ConditionIsAsync("iris", "Promoted", "True"))["observedGeneration"].Should().NotBeNull();
        var (_, metadata) = await space.AskModelAsync("iris", "v2/models/iris");
        JsonNode.Parse(metadata)!["inputs"]![0]!["name"]!.GetValue<string>().Should().Be("input");
    }

    [PodFact]
    public async Task A_service_with_keys_answers_those_who_show_one()
    {
        await using var space = await cluster.SpaceAsync();
        await space.Api.ApplyAsync(space.Path("secrets", "callers"), $$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: callers, namespace: {{space.Name}}}
            stringData: {shop: s3cret}
            """);
        await space.InlineServiceAsync("iris", "iris/2/model.onnx", predictor: "auth: {apiKeysSecret: callers}");
        await space.ReadyAsync("iris");

        var (code, answer) = await space.AskModelAsync("iris", "v1/models/iris:predict", Iris.OneRow);

        code.Should().Be(HttpStatusCode.Unauthorized, answer);
        (await space.ConditionIsAsync("iris", "SpecHonoured", "True")).Should().NotBeNull();
        var pod = (await space.OwnedAsync("pods", "iris")).Single();
        var log = await space.Api.AskAsync(HttpMethod.Get, $"{space.Path("pods", (string)pod["metadata"]!["name"]!)}/log?container=runtime");
        log.Body.Should().Contain("1 key(s) of callers are accepted").And.NotContain("s3cret");
    }

    [PodFact]
    public async Task An_inline_model_serves_without_a_ModelVersion()
    {
        await using var space = await cluster.SpaceAsync();
        await space.Api.ApplyAsync(space.Path("inferenceservices", "inline"), $$"""
            apiVersion: sluice.dev/v1alpha1
            kind: InferenceService
            metadata: {name: inline, namespace: {{space.Name}}}
            spec:
              predictor:
                model: {modelFormat: {name: onnx}, storageUri: "{{TestEnvironment.Models}}/credit/1/model.onnx"}
            """);
        await space.ReadyAsync("inline");

        var (code, answer) = await space.AskModelAsync("inline", "v1/models/inline:predict",
            """{"instances": [{"income": [50000], "age": [35], "loan_amount": [10000], "employment_years": [5], "credit_history": ["good"]}]}""");

        code.Should().Be(HttpStatusCode.OK, answer);
    }

    [PodFact]
    public async Task A_new_version_takes_over_without_a_failed_request()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-1", "iris/1/model.onnx");
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-1", minReplicas: 2);
        await space.ReadyAsync("iris");
        var first = await space.StableAsync("iris");
        await using var traffic = Traffic.Start(space, "iris", "v1/models/iris:predict", Iris.OneRow);

        await space.ServiceAsync("iris", "iris-2", minReplicas: 2);
        await space.ConditionIsAsync("iris", "Promoted", "True");
        await space.TrueAsync("only the new revision is left", async () =>
            (await space.OwnedAsync("deployments", "iris")).Count == 1, "iris");

        (await space.StableAsync("iris")).Should().NotBe(first);
        (await traffic.StopAsync()).Should().BeEmpty();
        traffic.Answers.Should().BeGreaterThan(10);
        var (_, answer) = await space.AskModelAsync("iris", "v1/models/iris:predict", Iris.AllRows);
        Iris.Accuracy(answer).Should().BeGreaterThan(0.9);
    }

    [PodFact]
    public async Task Back_to_what_serves_is_immediate_and_drops_the_candidate()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-2");
        await space.ReadyAsync("iris");
        var stable = await space.StableAsync("iris");
        await space.InlineServiceAsync("iris", "broken/1/model.onnx");
        await space.ConditionIsAsync("iris", "Promoted", "False");
        await space.TrueAsync("the candidate has its Deployment", async () =>
            (await space.OwnedAsync("deployments", "iris")).Count == 2, "iris");

        await space.ServiceAsync("iris", "iris-2");

        await space.ConditionIsAsync("iris", "Promoted", "True");
        await space.TrueAsync("the candidate is gone", async () =>
            (await space.OwnedAsync("deployments", "iris")).Count == 1, "iris");
        (await space.StableAsync("iris")).Should().Be(stable);
    }

    [PodFact]
    public async Task A_pod_that_is_deleted_comes_back_while_the_other_serves()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-2", minReplicas: 2);
        await space.ReadyAsync("iris");
        await space.TrueAsync("two pods are ready", async () => (await ReadyPodsAsync(space)).Count == 2, "iris");
        await using var traffic = Traffic.Start(space, "iris", "v1/models/iris:predict", Iris.OneRow);
        var victim = (await ReadyPodsAsync(space))[0];

        await space.Api.DeleteAsync(space.Path("pods", victim));

        await space.TrueAsync("two other pods are ready", async () =>
            (await ReadyPodsAsync(space)) is { Count: 2 } ready && !ready.Contains(victim), "iris");
        (await traffic.StopAsync()).Should().BeEmpty();
        ((string?)(await space.ConditionAsync("iris", "Ready"))!["status"]).Should().Be("True");
    }

    [PodFact]
    public async Task A_ModelVersion_that_is_deleted_leaves_what_serves_alone()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-2");
        await space.ReadyAsync("iris");
        var revision = (string)(await space.OwnedAsync("deployments", "iris")).Single()["metadata"]!["name"]!;

        await space.Api.DeleteAsync(space.Path("modelversions", "iris-2"));
        await space.Api.DeleteAsync(space.Path("deployments", revision));

        await space.UntilAsync("the Deployment is back", () => space.GetAsync("deployments", revision), "iris");
        await space.TrueAsync("the model answers again", async () =>
            (await space.AskModelAsync("iris", "v1/models/iris:predict", Iris.OneRow)).Code == HttpStatusCode.OK, "iris");
    }

    [PodFact]
    public async Task A_killed_operator_is_followed_by_one_that_finishes_the_change()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-1", "iris/1/model.onnx");
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-1");
        await space.ReadyAsync("iris");
        await using var traffic = Traffic.Start(space, "iris", "v1/models/iris:predict", Iris.OneRow);

        await space.ServiceAsync("iris", "iris-2");
        await cluster.ReplaceOperatorAsync("KILL");

        await space.ConditionIsAsync("iris", "Promoted", "True");
        await space.TrueAsync("only the new revision is left", async () =>
            (await space.OwnedAsync("deployments", "iris")).Count == 1, "iris");
        (await traffic.StopAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_second_operator_waits_and_takes_over_when_the_first_leaves()
    {
        await using var second = cluster.StartOperator();
        await second.WaitForAsync("waiting", TimeSpan.FromSeconds(60));
        second.Output.Should().NotContain("leading");

        await cluster.Operator.SignalAsync("TERM");
        (await cluster.Operator.ExitAsync(TimeSpan.FromSeconds(60))).Should().Be(0);
        await second.WaitForAsync("leading", TimeSpan.FromSeconds(30));

        await second.SignalAsync("TERM");
        (await second.ExitAsync(TimeSpan.FromSeconds(60))).Should().Be(0);
        await cluster.RestartOperatorAsync();
    }

    [PodFact]
    public async Task A_field_that_has_no_effect_yet_is_named_in_a_condition()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-2", spec: "rollout: {strategy: Canary, gates: [{name: right, accuracy: {min: 0.9}}]}");

        await space.ReadyAsync("iris");

        var honoured = await space.ConditionIsAsync("iris", "SpecHonoured", "False");
        ((string?)honoured["message"]).Should().Contain("rollout.gates").And.NotContain("rollout.strategy");
    }

    [PodFact]
    public async Task A_bad_request_gets_400_and_the_name_of_the_input()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-2");
        await space.ReadyAsync("iris");

        foreach (var (body, names) in new[]
        {
            ("""{"inputs": [{"name": "input", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}]}""", "input"),
            ("""{"inputs": [{"name": "inptu", "shape": [1, 4], "datatype": "FP32", "data": [1, 2, 3, 4]}]}""", "inptu"),
            ("""{"inputs": [{"name": "input", "shape": [1, 4], "datatype": "FP32", "data": [1, 2, 3]}]}""", "input"),
            ("""{"inputs": [{"name": "input", "shape": [1, 4], "datatype": "INT64", "data": [1, 2, 3, 4]}]}""", "input"),
            ("""{"inputs": []}""", "input"),
            ("""{"inputs": """, "JSON"),
        })
        {
            var (code, answer) = await space.AskModelAsync("iris", "v2/models/iris/infer", body);
            code.Should().Be(HttpStatusCode.BadRequest, body);
            ((string?)JsonNode.Parse(answer)!["error"]).Should().Contain(names, body);
        }
    }

    static async Task<List<string>> ReadyPodsAsync(Space space) =>
    [
        .. (await space.OwnedAsync("pods", "iris"))
            .Where(pod => pod["metadata"]!["deletionTimestamp"] is null
                && pod["status"]?["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True") == true)
            .Select(pod => (string)pod["metadata"]!["name"]!),
    ];
}
