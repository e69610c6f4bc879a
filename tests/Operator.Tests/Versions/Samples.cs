using System.Text.Json;
using Sluice.Contract;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Status;
using Sluice.Operator.Versions;

namespace Sluice.Operator.Tests.Versions;

/// <summary>A ModelVersion, its Job and what a pod may say.</summary>
internal static class Samples
{
    public const string Image = "registry.example/sluice-runtime:1";
    public const string Digest = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ModelReport Report = new()
    {
        Sha256 = Digest,
        SizeBytes = 1234,
        Format = "onnx",
        Opsets = new Dictionary<string, long> { ["ai.onnx"] = 17, ["ai.onnx.ml"] = 3 },
        Producer = "skl2onnx",
        ProducerVersion = "1.17",
        IrVersion = 8,
        Metadata = new Dictionary<string, string> { ["commit"] = "0a1b2c", ["note"] = new('x', 2000) },
        ExternalData = ["weights.bin"],
        Inputs = [new ValueReport { Name = "X", Datatype = "FP32", Shape = [new(-1, "batch"), new(4)] }],
        Outputs = [new ValueReport { Name = "label", Datatype = "INT64", Shape = [new(-1)] }],
    };

    /// <param name="more">Further lines of the spec, as flow YAML members.</param>
    public static ModelVersion Version(string more = "", string uri = "https://models.example/iris/2/model.onnx") => Yaml.Read(
        $$"""
        apiVersion: sluice.dev/v1alpha1
        kind: ModelVersion
        metadata: {name: iris.2, namespace: shop, uid: uid-v2, generation: 1}
        spec: {model: iris, version: "2", format: {name: onnx}, storageUri: "{{uri}}" {{(more.Length == 0 ? "" : ", " + more)}}}
        """).Single().Deserialize(ApiJson.Default.ModelVersion)!;

    public static VerificationStep Look(ModelVersion version, Job? job = null, Pod? pod = null, DateTimeOffset? now = null) =>
        Verification.Next(version, job is null ? [] : [job], pod is null ? [] : [pod], Image, now ?? Now);

    /// <summary>The ModelVersion with the status that the look at it gives.</summary>
    public static ModelVersion After(ModelVersion version, VerificationStep step, DateTimeOffset? now = null) =>
        version with { Status = ModelVersionStatusFor.Render(version, step.Finding, now ?? Now) };

    /// <summary>A Job as the API gives it back.</summary>
    public static Job Created(Job job, string? ended = null, string? reason = null) => job with
    {
        Metadata = job.Metadata with { Uid = "uid-" + job.Metadata.Name },
        Status = ended is null ? null : new JobStatus
        {
            Conditions = [new PodCondition { Type = ended, Status = "True", Reason = reason, Message = "said the Job", LastTransitionTime = Now }],
        },
    };

    public static Pod Reporting(Job job, ModelReport report) => Pod(job, "Succeeded") with
    {
        Status = new PodStatus
        {
            Phase = "Succeeded",
            InitContainerStatuses = [Ended(ContainersFor.FetchingName, 0, null)],
            ContainerStatuses = [Ended(ContainersFor.InspectingName, 0, ModelReportLine.Of(report) + "\n")],
        },
    };

    public static Pod FailingToFetch(Job job, string reason, string message = "what happened") => Pod(job, "Failed") with
    {
        Status = new PodStatus
        {
            Phase = "Failed",
            InitContainerStatuses = [Ended(ContainersFor.FetchingName, 1, new TerminationMessage(reason, message).ToLine())],
        },
    };

    public static Pod FailingToLoad(Job job, string reason, string message = "what happened") => Pod(job, "Failed") with
    {
        Status = new PodStatus
        {
            Phase = "Failed",
            InitContainerStatuses = [Ended(ContainersFor.FetchingName, 0, null)],
            ContainerStatuses = [Ended(ContainersFor.InspectingName, 1, new TerminationMessage(reason, message).ToLine())],
        },
    };

    public static Pod Pod(Job job, string phase) => new()
    {
        Metadata = new ObjectMeta { Name = job.Metadata.Name + "-x", Namespace = "shop", OwnerReferences = [OwnerReference.ToController(job)] },
        Status = new PodStatus { Phase = phase },
    };

    static ContainerStatus Ended(string name, int code, string? message) => new()
    {
        Name = name,
        State = new ContainerState { Terminated = new ContainerStateTerminated { ExitCode = code, Reason = code == 0 ? "Completed" : "Error", Message = message } },
    };
}
