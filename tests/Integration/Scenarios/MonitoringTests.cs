using System.Net;
using System.Text.Json.Nodes;
using Sluice.Integration.World;
using Sluice.Kubernetes.Json;
using Sluice.Support.Http;
using Sluice.Support.Programs;

namespace Sluice.Integration.Scenarios;

/// <summary>What becomes of data that drifts and of a model that grows worse.</summary>
[Collection(ClusterCollection.Name)]
public sealed class MonitoringTests(Cluster cluster)
{
    [PodFact]
    public async Task Drift_is_found_over_all_pods_starts_one_Job_and_holds_a_rollout_until_it_is_over()
    {
        await using var space = await cluster.SpaceAsync();
        await Drifting.VersionAsync(space, "iris-2");
        var predictor = $$"""
            monitoring:
                  drift: {window: 100}
                  onDrift:
                    hold: true
                    jobTemplate:
                      spec:
                        backoffLimit: 0
                        template:
                          spec:
                            restartPolicy: Never
                            containers: [{name: retrain, image: {{TestEnvironment.RuntimeImage}}, args: [version]}]
            """;
        await space.ServiceAsync("iris", "iris-2", minReplicas: 2, predictor: predictor);
        await space.ReadyAsync("iris");

        await Drifting.SeenAsync(space, Drifting.Usual, "False");
        (await space.OwnedAsync("jobs", "iris")).Should().BeEmpty();

        var drift = await Drifting.SeenAsync(space, Drifting.Moved, "True");
        ((string?)drift["reason"]).Should().Be("DataDrift");
        ((string?)drift["message"]).Should().Contain("input[0]").And.Contain("100 % of the features");
        var job = await space.UntilAsync("the Job has run", async () =>
            (await space.OwnedAsync("jobs", "iris")).FirstOrDefault(static j => (int?)j["status"]?["succeeded"] == 1), "iris");
        var evidence = JsonNode.Parse((string)job["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().Single(static e => (string?)e!["name"] == "SLUICE_DRIFT_EVIDENCE")!["value"]!)!;
        ((string?)evidence["modelVersion"]).Should().Be("iris-2");
        evidence["moved"]!.AsArray().Select(static m => (string)m!["feature"]!).Should().Contain("input[0]");
        await HasEventsAsync(space, "DataDrift", "RetrainingStarted");

        await space.ModelVersionAsync("iris-2b", "iris/2/model.onnx", spec: "baseline: {configMapName: iris-baseline}");
        await space.ServiceAsync("iris", "iris-2b", minReplicas: 2, predictor: predictor);
        await space.TrueAsync("the rollout is held", async () =>
            ((string?)(await StatusAsync(space))["rollout"]?["nextAction"])?.Contains("is held: predictor.monitoring.onDrift.hold", StringComparison.Ordinal) is true, "iris");

        // Another operator finds in status what the one before it did.
        await cluster.ReplaceOperatorAsync("TERM");
        await Drifting.SeenAsync(space, Drifting.Usual, "False");
        await space.TrueAsync("the rollout goes on", async () => (string?)(await StatusAsync(space))["stable"]?["version"] == "iris-2b", "iris");
        await Drifting.SeenAsync(space, Drifting.Moved, "True");
        (await space.OwnedAsync("jobs", "iris")).Should().ContainSingle("a day is not over");
    }

    [LocalFact]
    public async Task A_fall_of_accuracy_is_found_starts_a_Job_and_payloads_reach_their_sink()
    {
        var types = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using var sink = await LoopbackServer.StartAsync(context =>
        {
            types.Add(context.Request.Headers["ce-type"].ToString());
            return Task.CompletedTask;
        });
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx", spec: "metrics: {accuracy: \"0.94\"}");
        await space.ServiceAsync("iris", "iris-2", predictor: $$"""
            monitoring:
                  feedback: {}
                  onQualityDrop: {jobTemplate: {spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: retrain, image: {{TestEnvironment.RuntimeImage}}, args: [version]}] } } } } }
                logger: {url: '{{sink.Address}}'}
                batcher: {maxBatchSize: 16}
            """);
        await space.ReadyAsync("iris");
        ((string?)(await space.ConditionIsAsync("iris", "SpecHonoured", "True"))["reason"]).Should().Be("AllFieldsHonoured");
        var pod = (await space.OwnedAsync("pods", "iris")).Single();
        (await space.Api.AskAsync(HttpMethod.Get, $"{space.Path("pods", (string)pod["metadata"]!["name"]!)}:8081/proxy/metrics")).Body
            .Should().MatchRegex("sluice_batch_limit_rows.*model=\"iris\"", "the pod was told to join requests");

        (await space.AskModelAsync("iris", "v1/models/iris:predict", Iris.OneRow)).Code.Should().Be(HttpStatusCode.OK);
        await space.TrueAsync("the sink has both halves", () => Task.FromResult(
            types.Contains("org.kubeflow.serving.inference.request") && types.Contains("org.kubeflow.serving.inference.response")), "iris");

        await TellAsync(space, "right", right: true);
        await space.ConditionIsAsync("iris", "QualityDropped", "False", "QualityAsExpected");
        await TellAsync(space, "wrong", right: false);
        var dropped = await space.ConditionIsAsync("iris", "QualityDropped", "True", "QualityBelowExpected");
        ((string?)dropped["message"]).Should().Contain("accuracy is 0.5 over 200 labelled answers; the ModelVersion states 0.94");
        var job = await space.UntilAsync("the Job has run", async () =>
            (await space.OwnedAsync("jobs", "iris")).FirstOrDefault(static j => (int?)j["status"]?["succeeded"] == 1), "iris");
        var variables = job["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().ToDictionary(static e => (string)e!["name"]!, static e => (string?)e!["value"]);
        variables["SLUICE_QUALITY_METRICS"].Should().Be("accuracy");
        ((double)JsonNode.Parse(variables["SLUICE_QUALITY_EVIDENCE"]!)!["quality"]![0]!["value"]!).Should().Be(0.5);
        await HasEventsAsync(space, "QualityBelowExpected", "RetrainingStarted");
    }

    [LocalFact]
    public async Task A_value_that_is_not_expected_is_refused_and_both_halves_lie_on_the_volume()
    {
        await using var space = await cluster.SpaceAsync();
        await ClaimAsync(space, "payloads");
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx", spec: "expectations: [{feature: 'input[0]', min: 0, max: 10, reject: true}, {feature: 'input[1]', min: 4}]");
        await space.ServiceAsync("iris", "iris-2", predictor: "logger: {volume: {claimName: payloads}, batchSize: 10, interval: 10ms}");
        await space.ReadyAsync("iris");

        var (code, answer) = await space.AskModelAsync("iris", "v1/models/iris:predict", """{"instances": [[99, 3.5, 1.4, 0.2]]}""");
        (await space.AskModelAsync("iris", "v1/models/iris:predict", Iris.OneRow)).Code.Should().Be(HttpStatusCode.OK, "the other expectation is only counted");

        code.Should().Be(HttpStatusCode.BadRequest);
        answer.Should().Contain("input[0]").And.Contain("99");
        var folder = Path.Combine(cluster.ClaimFolder(space, "payloads"), "iris");
        string[] lines = [];
        await space.TrueAsync("four lines lie on the volume", async () =>
        {
            lines = Directory.Exists(folder) ? [.. (await Task.WhenAll(Directory.GetFiles(folder).Select(static f => File.ReadAllLinesAsync(f)))).SelectMany(static l => l)] : [];
            return lines.Length == 4;
        }, "iris");
        lines.Select(static l => (int?)JsonNode.Parse(l)!["status"]).Should().BeEquivalentTo(new int?[] { null, null, 200, 400 });
    }

    [LocalFact]
    public async Task The_CronJob_of_the_samples_scores_its_table()
    {
        await using var space = await cluster.SpaceAsync();
        await ClaimAsync(space, "models");
        foreach (var document in Yaml.Read(await File.ReadAllTextAsync(Checkout.Path("config", "samples", "batch.yaml"))))
        {
            if ((string?)document["kind"] == "CronJob")
                document["spec"]!["jobTemplate"]!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = TestEnvironment.RuntimeImage;
            await space.Api.ApplyAsync(space.Path(Plural.OfKind((string)document["kind"]!), (string)document["metadata"]!["name"]!), document.ToJsonString());
        }

        var (models, tables) = (cluster.ClaimFolder(space, "models"), cluster.ClaimFolder(space, "tables"));
        Directory.CreateDirectory(Path.Combine(models, "iris", "2"));
        Directory.CreateDirectory(tables);
        File.Copy(Checkout.Path("tests", "Models", "iris", "2", "model.onnx"), Path.Combine(models, "iris", "2", "model.onnx"));
        File.Copy(Checkout.Path("tests", "Models", "iris", "iris.csv"), Path.Combine(tables, "iris.csv"));
        // As kubectl create job --from=cronjob/iris-batch makes it.
        var made = (await space.GetAsync("cronjobs", "iris-batch"))!["spec"]!["jobTemplate"]!.DeepClone();
        (made["apiVersion"], made["kind"], made["metadata"]) = ("batch/v1", "Job", new JsonObject { ["name"] = "now" });
        await space.Api.ApplyAsync(space.Path("jobs", "now"), made.ToJsonString());

        await space.TrueAsync("the Job is done", async () => (int?)(await space.GetAsync("jobs", "now"))!["status"]?["succeeded"] == 1);

        (await File.ReadAllLinesAsync(Path.Combine(tables, "iris.scored.csv"))).Should().HaveCount(1 + Iris.Rows.Count);
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(tables, "iris.scored.csv.profile.json")))!["rows"]!.GetValue<int>().Should().Be(Iris.Rows.Count);
    }

    static Task<JsonNode> ClaimAsync(Space space, string name) => space.Api.ApplyAsync(space.Path("persistentvolumeclaims", name), $$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: {{name}}, namespace: {{space.Name}}}
        spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi} } }
        """);

    /// <summary>Labels for a hundred answers.</summary>
    static async Task TellAsync(Space space, string ids, bool right)
    {
        var entries = Enumerable.Range(0, 100).Select(i => (JsonNode)new JsonObject { ["id"] = $"{ids}-{i}", ["label"] = 1, ["predicted"] = right ? 1 : 2 });
        var (code, answer) = await space.AskModelAsync("iris", "v1/models/iris:feedback", new JsonObject { ["feedback"] = new JsonArray([.. entries]) }.ToJsonString());
        code.Should().Be(HttpStatusCode.OK, answer);
        answer.Should().Contain("\"given\":100");
    }

    static async Task<JsonNode> StatusAsync(Space space) => (await space.GetAsync("inferenceservices", "iris"))!["status"]!;

    static Task HasEventsAsync(Space space, params string[] reasons) => space.TrueAsync($"there are Events {string.Join(", ", reasons)}", async () =>
    {
        var told = await space.Api.ListAsync($"/apis/events.k8s.io/v1/namespaces/{space.Name}/events");
        return reasons.All(reason => told.Any(e => (string?)e["reason"] == reason && (string?)e["regarding"]?["name"] == "iris"));
    }, "iris");
}
