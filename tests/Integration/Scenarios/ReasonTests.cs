using Sluice.Integration.World;
using Sluice.Support.Programs;

namespace Sluice.Integration.Scenarios;

/// <summary>What can be wrong with a ModelVersion, each with the reason that its page names; those with a story of their own have it elsewhere.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ReasonTests(Cluster cluster)
{
    const string WrongDigest = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>As many Jobs at a time as a small machine runs well.</summary>
    const int AtOnce = 4;

    static readonly Wrong[] All =
    [
        new("missing", "iris/9/model.onnx", "Resolved", "NotFound", "iris/9/model.onnx"),
        new("unreachable", $"http://127.0.0.1:{LoopbackPort.Free()}/model.onnx", "Resolved", "Unreachable", "the next try is at"),
        new("unnamed", "hf://nobody", "Resolved", "InvalidUri", "hf://ORG/REPO"),
        new("empty", "s3://", "Resolved", "InvalidStorageUri", "names nothing"),
        new("keyless", "s3://models/iris.onnx", "Resolved", "CredentialsMissing", "nowhere") { Spec = "credentials: {secretName: nowhere}" },
        new("odd", "s3://models/iris.onnx", "Resolved", "InvalidOptions", "S3_VERIFY_SSL") { Spec = "credentials: {secretName: odd}" },
        new("other", "iris/2/model.onnx", "Verified", "DigestMismatch", WrongDigest) { Sha256 = WrongDigest },
        new("cut", "broken/1/model.onnx", "Verified", "CorruptModel", "model.onnx"),
        new("expecting", "iris/2/model.onnx", "Verified", "InvalidExpectations", "no-such-feature") { Spec = "expectations: [{feature: no-such-feature, min: 0}]" },
        new("golden", "iris/2/model.onnx", "Ready", "InvalidGolden", "golden.json") { Spec = "golden: {configMapName: broken}" },
        new("baseline", "iris/2/model.onnx", "Ready", "InvalidBaseline", "baseline.json") { Spec = "baseline: {configMapName: broken}" },
    ];

    [PodFact]
    public async Task Whatever_is_wrong_with_a_version_has_its_reason()
    {
        await using var space = await cluster.SpaceAsync();
        await space.Api.ApplyAsync(space.Path("secrets", "odd"), """
            apiVersion: v1
            kind: Secret
            metadata: {name: odd}
            stringData: {S3_VERIFY_SSL: "0"}
            """);
        await space.Api.ApplyAsync(space.Path("configmaps", "broken"), """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: broken}
            data: {golden.json: "{", baseline.json: "{"}
            """);

        foreach (var some in All.Chunk(AtOnce))
        {
            foreach (var wrong in some)
                await space.ModelVersionAsync(wrong.Name, wrong.Address, wrong.Sha256, wrong.Spec);
            foreach (var wrong in some)
            {
                var condition = await space.ConditionIsAsync(wrong.Name, wrong.Condition, "False", wrong.Reason, "modelversions");
                ((string?)condition["message"]).Should().Contain(wrong.Says);
            }
        }
    }

    /// <param name="Name">The version's.</param>
    /// <param name="Address">Where it is said to lie.</param>
    /// <param name="Condition">What comes to be False.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Says">A part of the message.</param>
    sealed record Wrong(string Name, string Address, string Condition, string Reason, string Says)
    {
        public string? Sha256 { get; init; }

        public string Spec { get; init; } = "";
    }
}
