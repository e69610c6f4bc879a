using System.Text.Json.Serialization;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>Which model, and the container that runs it.</summary>
[Cel("has(self.version) != has(self.storageUri)", "exactly one of version (a ModelVersion) and storageUri (an inline model) must be set")]
[Cel("!has(self.version) || !(has(self.modelFormat) || has(self.sha256) || has(self.credentials))", "modelFormat, sha256 and credentials belong to an inline model; with version the ModelVersion has them")]
public sealed record ModelSpec
{
    /// <summary>The name of a ModelVersion in the same namespace. Excludes modelFormat, storageUri, sha256 and credentials.</summary>
    [Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"), MinLength(1), MaxLength(253)]
    public string? Version { get; init; }

    /// <summary>The format of an inline model. Only <c>onnx</c> is served.</summary>
    public ModelFormat? ModelFormat { get; init; }

    /// <summary>Where an inline model lies: <c>https://</c>, <c>pvc://CLAIM/PATH</c>, <c>file://</c> and further schemes as listed in the documentation. One .onnx file, or a folder that holds one.</summary>
    [Cel(StorageUriRule.Cel, StorageUriRule.Message)]
    [Pattern("^[^\\s]+$"), MaxLength(2048)]
    public string? StorageUri { get; init; }

    /// <summary>The SHA-256 of an inline model in hex. A pod whose download differs does not start, and says DigestMismatch.</summary>
    [Pattern("^[0-9a-f]{64}$"), MaxLength(64)]
    public string? Sha256 { get; init; }

    /// <summary>What an inline model is fetched with.</summary>
    public CredentialsSpec? Credentials { get; init; }

    /// <summary>The protocol that tools use in examples and probes; every pod speaks v1, v2 and grpc-v2. Default v2.</summary>
    [CrdDefault("\"v2\"")]
    public ProtocolVersion? ProtocolVersion { get; init; }

    /// <summary>CPU and memory of the serving container. Default: requests of 100m CPU and 128Mi memory, no limits.</summary>
    public ResourcesSpec? Resources { get; init; }

    /// <summary>Environment variables of the serving container. Names that begin with SLUICE_ are kept for Sluice.</summary>
    [ListMap("name"), MaxItems(64)]
    public IReadOnlyList<EnvVarSpec>? Env { get; init; }
}

/// <summary>A model format by name.</summary>
public sealed record ModelFormat
{
    /// <summary>Must be <c>onnx</c>. Others are converted first: skl2onnx (scikit-learn), onnxmltools (XGBoost, LightGBM), torch.onnx.export (PyTorch), tf2onnx (TensorFlow, Keras).</summary>
    [Cel("self == 'onnx'", "only onnx is served; convert the model first: skl2onnx for scikit-learn, onnxmltools for XGBoost and LightGBM, torch.onnx.export for PyTorch, tf2onnx for TensorFlow and Keras")]
    [MinLength(1), MaxLength(63)]
    public required string Name { get; init; }

    /// <summary>KServe's version of the format. Any value is accepted, because an ONNX file says its own opset.</summary>
    [MaxLength(63)]
    public string? Version { get; init; }
}

/// <summary>Secrets to fetch a model with, by reference.</summary>
public sealed record CredentialsSpec
{
    /// <summary>A Secret in the same namespace; mounted into the fetching container as files.</summary>
    [Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"), MinLength(1), MaxLength(253)]
    public required string SecretName { get; init; }
}

/// <summary>Inference protocols by KServe's names.</summary>
[JsonConverter(typeof(StrictEnum<ProtocolVersion>))]
public enum ProtocolVersion
{
    [JsonStringEnumMemberName("v1")]
    V1,
    [JsonStringEnumMemberName("v2")]
    V2,
    [JsonStringEnumMemberName("grpc-v2")]
    GrpcV2,
}
