using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Tests.Support;
using Sluice.Operator.Versions;

namespace Sluice.Operator.Tests.Versions;

/// <summary>What an artifact must have, and what may follow on what serves.</summary>
public sealed class SignatureTests
{
    const string Serving = "inputs: [{name: age, datatype: FP32, shape: [-1, 1]}], outputs: [{name: label, datatype: INT64, shape: [-1]}]";

    [Theory]
    [InlineData("inputs: [{name: age, datatype: FP32, shape: [n, 1]}]", null)]
    [InlineData("inputs: [{name: age, datatype: FP32}]", null)]
    [InlineData("outputs: [{name: label, datatype: INT64, shape: [5]}]", null)]
    [InlineData("inputs: []", "the artifact has the input 'age' (FP32 [-1, 1]), which spec.signature does not have.")]
    [InlineData("inputs: [{name: years, datatype: FP32}]", "spec.signature has the input 'years', the artifact has 'age'.")]
    [InlineData("inputs: [{name: age, datatype: FP32, shape: [-1, 2]}]", "spec.signature has the input 'age' as FP32 [-1, 2], the artifact has it as FP32 [-1, 1].")]
    [InlineData("inputs: [{name: age, datatype: FP32, shape: [1]}]", "spec.signature has the input 'age' as FP32 [1], the artifact has it as FP32 [-1, 1].")]
    [InlineData("outputs: [{name: label, datatype: BYTES}]", "spec.signature has the output 'label' as BYTES, the artifact has it as INT64 [-1].")]
    public void A_spec_is_compared_with_what_was_found(string wanted, string? difference) =>
        SignatureMatch.Difference(Signature(wanted), Signature(Serving)).Should().Be(difference);

    [Theory]
    [InlineData(Serving, null)]
    [InlineData("inputs: [{name: age, datatype: FP32, shape: [batch, 1]}], outputs: [{name: score, datatype: FP32}, {name: label, datatype: INT64, shape: [n]}]", null)]
    [InlineData("inputs: [], outputs: [{name: label, datatype: INT64}]", "the input 'age' is gone.")]
    [InlineData("inputs: [{name: age, datatype: FP64, shape: [-1, 1]}], outputs: [{name: label, datatype: INT64}]", "the input 'age' was FP32 [-1, 1] and is FP64 [-1, 1].")]
    [InlineData("inputs: [{name: age, datatype: FP32, shape: [1, 1]}], outputs: [{name: label, datatype: INT64}]", "the input 'age' was FP32 [-1, 1] and is FP32 [1, 1].")]
    [InlineData("inputs: [{name: age, datatype: FP32}, {name: sex, datatype: BYTES}], outputs: [{name: label, datatype: INT64}]", "the input 'sex' (BYTES) is new and required.")]
    [InlineData("inputs: [{name: age, datatype: FP32}], outputs: []", "the output 'label' is gone.")]
    [InlineData("inputs: [{name: age, datatype: FP32}], outputs: [{name: label, datatype: BYTES}]", "the output 'label' was INT64 [-1] and is BYTES.")]
    public void What_callers_would_notice_is_told(string next, string? difference) =>
        SignatureGate.Difference(Signature(Serving), Signature(next)).Should().Be(difference);

    [Fact]
    public void A_version_that_does_not_fit_is_not_rolled_out_unless_that_is_wanted()
    {
        var held = Planned("{}");
        var allowed = Planned("{allowSignatureChange: true}");

        held.Plan.Wanted.Should().BeNull();
        held.Problem!.Reason.Should().Be("SignatureChanged");
        held.Problem.Message.Should().Contain("the input 'age' is gone").And.Contain("allowSignatureChange");
        allowed.Problem.Should().BeNull();
        allowed.Records[allowed.Plan.Wanted!.Name].Record.Signature.Should().NotBeNull("the next one is compared with it");
    }

    [Fact]
    public void The_way_back_to_a_deleted_version_keeps_its_digest_and_signature()
    {
        var (view, _) = Served();
        var back = view with
        {
            Version = null,
            Service = view.Service with { Spec = view.Service.Spec with { Predictor = new PredictorSpec { Model = new ModelSpec { Version = "v1" } } } },
        };

        var (source, problem) = SourceFor.Resolve(back.Service, null, Planning.Of(back, "image").Records.Values.ToArray());

        problem.Should().BeNull();
        source!.Sha256.Should().Be(new string('1', 64));
        source.Signature.Should().BeEquivalentTo(Signature(Serving));
    }

    [Fact]
    public void The_signature_is_no_part_of_a_revisions_name()
    {
        var (view, name) = Served();
        var known = view.Version! with { Status = view.Version!.Status! with { Signature = Signature("inputs: [{name: age, datatype: FP32}], outputs: [{name: label, datatype: INT64}]") } };

        Planning.Of(view with { Version = known }, "image").Plan.Wanted!.Name.Should().Be(name);
    }

    static Planning Planned(string rollout)
    {
        var (view, name) = Served();
        var serving = Planning.Of(view, "image").Records[name];
        var next = Version("v2", '2', "inputs: [{name: years, datatype: FP32}], outputs: [{name: label, datatype: INT64}]");
        return Planning.Of(
            view with
            {
                Version = next,
                Records = [RevisionRecordFor.Render(view.Service, name, serving.Data, 1)],
                Service = Manifests.Service($"{{predictor: {{model: {{version: v2}}}}, rollout: {rollout}}}") with { Status = Status(name) },
            },
            "image");
    }

    /// <summary>A service that v1 serves, and the name of its revision.</summary>
    static (ServiceView View, string Name) Served()
    {
        var view = new ServiceView { Service = Manifests.Service("{predictor: {model: {version: v1}}}"), Version = Version("v1", '1', Serving) };
        var planning = Planning.Of(view, "image");
        var name = planning.Plan.Wanted!.Name;
        return (view with
        {
            Service = view.Service with { Status = Status(name) },
            Records = [RevisionRecordFor.Render(view.Service, name, planning.Records[name].Data, 1)],
        }, name);
    }

    static InferenceServiceStatus Status(string revision) =>
        new() { Stable = new RevisionStatus { Revision = revision, Version = "v1", StorageUri = "https://m/v1", Digest = "sha256:" + new string('1', 64) } };

    static ModelVersion Version(string name, char digest, string signature) => Yaml.Read(
        $$"""
        apiVersion: sluice.dev/v1alpha1
        kind: ModelVersion
        metadata: {name: {{name}}, namespace: shop, uid: uid-{{name}}, generation: 1}
        spec: {model: m, version: "1", format: {name: onnx}, storageUri: "https://m/{{name}}"}
        status:
          conditions: [{type: Ready, status: "True", reason: Verified, message: x, observedGeneration: 1}]
          digest: sha256:{{new string(digest, 64)}}
          signature: { {{signature}} }
        """).Single().Deserialize(ApiJson.Default.ModelVersion)!;

    static ModelSignature Signature(string yaml) =>
        Yaml.Read($"{{signature: {{ {yaml} }}}}").Single()["signature"]!.Deserialize(ApiJson.Default.ModelSignature)!;
}
