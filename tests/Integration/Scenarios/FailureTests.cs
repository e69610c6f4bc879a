using System.Net;
using Sluice.Integration.World;
using Sluice.Support.Programs;

namespace Sluice.Integration.Scenarios;

/// <summary>Bad input gets a clear condition, and what serves keeps serving.</summary>
[Collection(ClusterCollection.Name)]
public sealed class FailureTests(Cluster cluster)
{
    const string WrongDigest = "0000000000000000000000000000000000000000000000000000000000000000";

    [PodFact]
    public async Task A_missing_file_is_named() =>
        await FailsAsync("iris/9/model.onnx", null, "NotFound", "iris/9/model.onnx");

    [PodFact]
    public async Task A_digest_that_differs_is_named_with_both_digests() =>
        await FailsAsync("iris/2/model.onnx", WrongDigest, "DigestMismatch", WrongDigest);

    [PodFact]
    public async Task A_truncated_model_is_corrupt() =>
        await FailsAsync("broken/1/model.onnx", null, "CorruptModel", "model.onnx");

    [PodFact]
    public async Task An_unreachable_storage_is_named() =>
        await FailsAsync($"http://127.0.0.1:{LoopbackPort.Free()}/model.onnx", null, "Unreachable", "127.0.0.1");

    [PodFact]
    public async Task A_first_version_that_fails_leaves_the_service_not_ready_with_the_cause()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("gone", "iris/9/model.onnx");
        await space.ServiceAsync("iris", "gone");

        var ready = await space.ConditionIsAsync("iris", "Ready", "False", "NotFound");

        ((string?)ready["message"]).Should().Contain("iris/9/model.onnx");
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-2");
        await space.ReadyAsync("iris");
    }

    [Fact]
    public async Task A_missing_ModelVersion_is_named_and_found_when_it_comes()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ServiceAsync("early", "iris-2");

        var promoted = await space.ConditionIsAsync("early", "Promoted", "False");
        ((string?)promoted["message"]).Should().Contain("iris-2");

        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.UntilAsync("a Deployment", async () => (await space.OwnedAsync("deployments", "early")).FirstOrDefault(), "early");
    }

    [PodFact]
    public async Task Events_tell_what_happened()
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-2");
        await space.ReadyAsync("iris");

        await space.TrueAsync("an Event of the service", async () =>
            (await space.Api.ListAsync(space.Path("events")))
                .Any(e => (string?)e["involvedObject"]?["kind"] == "InferenceService" && (string?)e["involvedObject"]?["name"] == "iris"));
    }

    /// <summary>
    /// A healthy service is moved to a bad model, once by a ModelVersion, which is refused before a pod is made, and once
    /// inline, where the pod says so: the cause is shown, users see nothing, the way back is open.
    /// </summary>
    async Task FailsAsync(string model, string? sha256, string reason, string named)
    {
        await using var space = await cluster.SpaceAsync();
        await space.ModelVersionAsync("iris-2", "iris/2/model.onnx");
        await space.ServiceAsync("iris", "iris-2");
        await space.ReadyAsync("iris");
        await using var traffic = Traffic.Start(space, "iris", "v1/models/iris:predict", Iris.OneRow, TimeSpan.FromMilliseconds(100));
        await space.ModelVersionAsync("bad", model, sha256);

        await space.ServiceAsync("iris", "bad");

        var refused = await space.ConditionIsAsync("bad", "Ready", "False", reason, "modelversions");
        ((string?)refused["message"]).Should().Contain(named);
        var promoted = await space.ConditionIsAsync("iris", "Promoted", "False", reason);
        ((string?)promoted["message"]).Should().Contain(named);
        (await space.ConditionAsync("iris", "CandidateHealthy")).Should().BeNull("no pod was made of it");

        await space.InlineServiceAsync("iris", model, sha256);

        var candidate = await space.ConditionIsAsync("iris", "CandidateHealthy", "False", reason);
        ((string?)candidate["message"]).Should().Contain(named);
        ((string?)(await space.ConditionAsync("iris", "Ready"))!["status"]).Should().Be("True");
        ((string?)(await space.ConditionAsync("iris", "Promoted"))!["status"]).Should().Be("False");
        (await traffic.StopAsync()).Should().BeEmpty();
        (await space.AskModelAsync("iris", "v1/models/iris:predict", Iris.OneRow)).Code.Should().Be(HttpStatusCode.OK);
    }
}
