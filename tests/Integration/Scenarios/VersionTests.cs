using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Integration.World;
using Sluice.Support.Http;
using Sluice.Support.Models;
using Sluice.Support.Programs;

namespace Sluice.Integration.Scenarios;

/// <summary>A ModelVersion is a proven artifact.</summary>
[Collection(ClusterCollection.Name)]
public sealed class VersionTests(Cluster cluster)
{
    [PodFact]
    public async Task A_version_is_examined_before_it_serves_and_its_Job_goes_away()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await ReadyAsync(space, "iris-2");

        var status = (await space.GetAsync("modelversions", "iris-2"))!["status"]!;
        var file = await File.ReadAllBytesAsync(Checkout.Path("tests", "Models", "iris", "2", "model.onnx"));
        var digest = Convert.ToHexStringLower(SHA256.HashData(file));
        ((string?)status["digest"]).Should().Be("sha256:" + digest);
        ((string?)status["shortDigest"]).Should().Be(digest[..12]);
        ((long?)status["sizeBytes"]).Should().Be(file.Length);
        ((string?)status["producer"]).Should().NotBeNullOrEmpty();
        ((long?)status["opset"]).Should().BePositive();
        ((long?)status["irVersion"]).Should().BePositive();
        ((string?)status["signature"]?["inputs"]?[0]?["datatype"]).Should().Be("FP32");

        await space.ServiceAsync("iris", "iris-2");
        await space.ReadyAsync("iris");
        var pod = (await space.OwnedAsync("pods", "iris"))[0];
        pod["spec"]!["initContainers"]![0]!["args"]!.AsArray().Select(static a => (string?)a)
            .Should().ContainInConsecutiveOrder(["--sha256", digest], "the digest that was seen first counts in the pod too");
        await space.UntilAsync("the Job is gone", async () => (await space.Api.ListAsync(space.Path("jobs"))).Count == 0 ? "gone" : null);
    }

    [Fact]
    public async Task A_version_gets_one_Job_that_any_server_takes()
    {
        await using var space = await cluster.SpaceAsync();
        await space.Api.ApplyAsync(space.Path("modelversions", "lonely"), $$"""
            apiVersion: sluice.dev/v1alpha1
            kind: ModelVersion
            metadata: {name: lonely, namespace: {{space.Name}}}
            spec:
              model: suite
              version: "1"
              format: {name: onnx}
              storageUri: pvc://models/iris/2/model.onnx
              golden: {configMapName: irises}
            """);

        var job = await space.UntilAsync("a Job", async () =>
            (await space.Api.ListAsync(space.Path("jobs"), "sluice.dev/modelversion=lonely")).FirstOrDefault());

        ((string?)job["metadata"]!["ownerReferences"]![0]!["name"]).Should().Be("lonely");
        ((int?)job["spec"]!["backoffLimit"]).Should().Be(0);
        ((int?)job["spec"]!["ttlSecondsAfterFinished"]).Should().Be(60);
        var pod = job["spec"]!["template"]!["spec"]!;
        ((bool?)pod["automountServiceAccountToken"]).Should().BeFalse();
        ((bool?)pod["containers"]![0]!["securityContext"]!["readOnlyRootFilesystem"]).Should().BeTrue();
    }

    [PodFact]
    public async Task Bytes_that_change_under_a_version_are_not_served()
    {
        await using var space = await cluster.SpaceAsync();
        var bytes = await File.ReadAllBytesAsync(Checkout.Path("tests", "Models", "iris", "2", "model.onnx"));
        await using var storage = await LoopbackServer.StartAsync(context => OneFileAsync(context, bytes));
        await space.ModelVersionAsync("moving", $"{storage.Address}model.onnx");
        await ReadyAsync(space, "moving");
        bytes = await File.ReadAllBytesAsync(Checkout.Path("tests", "Models", "iris", "1", "model.onnx"));

        await space.ServiceAsync("iris", "moving");

        await space.ConditionIsAsync("iris", "Ready", "False", "DigestMismatch");
    }

    [PodFact]
    public async Task A_fetch_that_is_refused_is_tried_again_and_says_when()
    {
        await using var space = await cluster.SpaceAsync();
        var bytes = await File.ReadAllBytesAsync(Checkout.Path("tests", "Models", "iris", "2", "model.onnx"));
        var open = false;
        await using var storage = await LoopbackServer.StartAsync(context =>
        {
            if (open)
                return OneFileAsync(context, bytes);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });

        await space.ModelVersionAsync("locked", $"{storage.Address}model.onnx");
        await space.ServiceAsync("iris", "locked");

        var refused = await space.ConditionIsAsync("locked", "Ready", "False", "AccessDenied", "modelversions");
        ((string?)refused["message"]).Should().Contain("the next try is at");
        await space.ConditionIsAsync("iris", "Ready", "False", "AccessDenied");
        open = true;
        await ReadyAsync(space, "locked");
        await space.ReadyAsync("iris");
    }

    [PodFact]
    public async Task An_operator_that_the_runtime_lacks_is_named()
    {
        await using var space = await cluster.SpaceAsync();
        var strange = new OnnxWriter().Opset("com.example", 1)
            .Input("x", OnnxTypes.Tensor(1, 1)).Output("y", OnnxTypes.Tensor(1, 1))
            .Node("Frobnicate", ["x"], ["y"], "com.example").ToBytes();
        await using var storage = await LoopbackServer.StartAsync(context => OneFileAsync(context, strange));

        await space.ModelVersionAsync("strange", $"{storage.Address}model.onnx");

        var refused = await space.ConditionIsAsync("strange", "Ready", "False", "UnsupportedOperator", "modelversions");
        ((string?)refused["message"]).Should().Contain("Frobnicate");
    }

    [PodFact]
    public async Task A_signature_that_is_not_the_artifacts_is_refused()
    {
        await using var space = await cluster.SpaceAsync();

        await space.ModelVersionAsync("typed", "iris/2/model.onnx", spec: "signature: {inputs: [{name: nothing, datatype: FP32}]}");

        var refused = await space.ConditionIsAsync("typed", "Verified", "False", "SignatureMismatch", "modelversions");
        ((string?)refused["message"]).Should().Contain("'nothing'");
    }

    [PodFact]
    public async Task A_version_that_callers_would_break_on_waits_for_a_word()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ModelVersionAsync("credit", "credit/1/model.onnx");
        await space.ServiceAsync("iris", "iris-2");
        await space.ReadyAsync("iris");

        await space.ServiceAsync("iris", "credit");

        var held = await space.ConditionIsAsync("iris", "Stalled", "True", "SignatureChanged");
        ((string?)held["message"]).Should().Contain("allowSignatureChange");
        (await space.AskModelAsync("iris", "v1/models/iris:predict", Iris.OneRow)).Code.Should().Be(HttpStatusCode.OK);
        await space.ServiceAsync("iris", "credit", spec: "rollout: {allowSignatureChange: true}");
        await space.ConditionIsAsync("iris", "Promoted", "True");
    }

    [PodFact]
    public async Task The_way_back_is_open_after_the_old_version_was_deleted()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-1", "iris/1/model.onnx");
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-1");
        await space.ReadyAsync("iris");
        var first = await space.StableAsync("iris");
        await space.ServiceAsync("iris", "iris-2");
        await space.ConditionIsAsync("iris", "Promoted", "True");
        await space.Api.DeleteAsync(space.Path("modelversions", "iris-1"));

        await space.ServiceAsync("iris", "iris-1");

        await space.ConditionIsAsync("iris", "Promoted", "True");
        (await space.StableAsync("iris")).Should().Be(first);
    }

    [PodFact]
    public async Task A_model_that_answers_otherwise_than_it_must_is_refused_by_its_first_difference()
    {
        await using var space = await cluster.SpaceAsync();
        await GoldenAsync(space, "irises");

        await space.ModelVersionAsync("wrong", "iris/3-wrong/model.onnx", spec: "golden: {configMapName: irises}");
        await space.ModelVersionAsync("right", "iris/2/model.onnx", spec: "golden: {configMapName: irises}");
        await space.ModelVersionAsync("early", "iris/2/model.onnx", spec: "golden: {configMapName: later}");

        var refused = await space.ConditionIsAsync("wrong", "Verified", "False", "GoldenMismatch", "modelversions");
        ((string?)refused["message"]).Should().Contain("\"setosa\"").And.Contain("label").And.Contain("expected 0");
        await space.ConditionIsAsync("early", "Ready", "False", "GoldenMissing", "modelversions");
        await GoldenAsync(space, "later");
        await ReadyAsync(space, "early");
        await space.ServiceAsync("iris", "right");
        await space.ReadyAsync("iris");
        // The way back stays open when both are gone, and its pods replay what the revision has kept.
        await space.ServiceAsync("iris", "early");
        await space.ConditionIsAsync("iris", "Promoted", "True");
        await space.Api.DeleteAsync(space.Path("configmaps", "irises"));
        await space.Api.DeleteAsync(space.Path("modelversions", "right"));
        await space.ServiceAsync("iris", "right");
        await space.ConditionIsAsync("iris", "Promoted", "True");
        (await LogsAsync(space, await space.StableAsync("iris"))).Should().Contain("answers all 1 golden requests as it must");
    }

    [PodFact]
    public async Task Revisions_are_remembered_up_to_the_limit_and_what_is_theirs_goes_with_them()
    {
        await using var space = await cluster.SpaceAsync();
        await GoldenAsync(space, "irises");
        await space.ModelVersionAsync("one", "iris/1/model.onnx");
        await space.ModelVersionAsync("two", "iris/2/model.onnx", spec: "golden: {configMapName: irises}");
        await space.ModelVersionAsync("three", "iris/3-wrong/model.onnx");
        var revisions = new List<string?>();
        foreach (var version in new[] { "two", "one", "three" })
        {
            if (revisions is [var first])
                (await space.GetAsync("configmaps", $"{first}-golden")).Should().NotBeNull("it is kept with the record");
            await space.ServiceAsync("iris", version, spec: "revisionHistoryLimit: 1");
            await space.ConditionIsAsync("iris", "Promoted", "True");
            revisions.Add(await space.StableAsync("iris"));
        }

        await space.TrueAsync("what serves and one before it are remembered", async () =>
            (await space.OwnedAsync("controllerrevisions", "iris")).Select(static r => (string?)r["metadata"]!["name"]).ToHashSet().SetEquals(revisions[1..]), "iris");
        await space.TrueAsync("and the copy is collected", async () => await space.GetAsync("configmaps", $"{revisions[0]}-golden") is null, "iris");
    }

    [PodFact]
    public async Task An_artifact_that_is_too_large_is_not_even_begun()
    {
        await using var space = await cluster.SpaceAsync();
        await using var storage = await LoopbackServer.StartAsync(static async context =>
        {
            if (context.Request.Path != "/model.onnx")
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            context.Response.ContentLength = 1L << 40;
            await context.Response.Body.FlushAsync();
            // The one who asked hangs up when it has seen the length.
            var gone = new TaskCompletionSource();
            await using var hangUp = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        });

        await space.ModelVersionAsync("huge", $"{storage.Address}model.onnx");

        var refused = await space.ConditionIsAsync("huge", "Resolved", "False", "TooLarge", "modelversions");
        ((string?)refused["message"]).Should().Contain("--max-bytes");
    }

    /// <summary>What the serving container of a pod of the revision has said.</summary>
    static async Task<string> LogsAsync(Space space, string? revision)
    {
        var pod = (await space.Api.ListAsync(space.Path("pods"), "sluice.dev/revision=" + revision))[0];
        return (await space.Api.AskAsync(HttpMethod.Get, $"{space.Path("pods", (string)pod["metadata"]!["name"]!)}/log?container=runtime")).Body;
    }

    static Task<JsonNode> GoldenAsync(Space space, string name) => space.Api.ApplyAsync(space.Path("configmaps", name), $$$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: {{{name}}}, namespace: {{{space.Name}}}}
        data:
          golden.json: |
            {"cases": [{"name": "setosa", "request": {"instances": [[5.1, 3.5, 1.4, 0.2]]}, "response": {"predictions": [{"label": 0}]}}]}
        """);

    static Task<JsonNode> ReadyAsync(Space space, string version) =>
        space.ConditionIsAsync(version, "Ready", "True", "Verified", "modelversions");

    /// <summary>A storage that holds one file and knows nothing of digests beside it.</summary>
    static async Task OneFileAsync(HttpContext context, byte[] bytes)
    {
        if (context.Request.Path == "/model.onnx")
            await context.Response.Body.WriteAsync(bytes);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
