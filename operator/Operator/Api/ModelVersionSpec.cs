using Sluice.Kubernetes.Model;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>One immutable model artifact: where it lies, what it is, and what it must do.</summary>
public sealed record ModelVersionSpec
{
    /// <summary>The name of the model that this is a version of.</summary>
    [Pattern("^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"), MaxLength(63)]
    public required string Model { get; init; }

    /// <summary>The version's name among the versions of the model.</summary>
    [Pattern("^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"), MaxLength(63)]
    public required string Version { get; init; }

    /// <summary>The artifact's format. Only <c>onnx</c> is served.</summary>
    public required ModelFormat Format { get; init; }

    /// <summary>Where the artifact lies: <c>https://</c>, <c>pvc://CLAIM/PATH</c>, <c>file://</c> and further schemes as listed in the documentation. One .onnx file, or a folder that holds one.</summary>
    [Cel(StorageUriRule.Cel, StorageUriRule.Message)]
    [Pattern("^[^\\s]+$"), MaxLength(2048)]
    public required string StorageUri { get; init; }

    /// <summary>The artifact's SHA-256 in hex. A download that differs is never served. Default: the digest that is seen first counts.</summary>
    [Pattern("^[0-9a-f]{64}$"), MaxLength(64)]
    public string? Sha256 { get; init; }

    /// <summary>What the artifact is fetched with.</summary>
    public CredentialsSpec? Credentials { get; init; }

    /// <summary>The inputs and outputs that the artifact must have. Default: whatever it has.</summary>
    public ModelSignature? Signature { get; init; }

    /// <summary>Requests and the answers that the artifact must give.</summary>
    public ConfigMapReference? Golden { get; init; }

    /// <summary>Reference distributions of inputs and outputs, for drift.</summary>
    public ConfigMapReference? Baseline { get; init; }

    /// <summary>What was measured in training, by name, as text such as "0.94". Shown, and compared with accuracy from feedback.</summary>
    [MaxItems(64), MaxLength(256)]
    public IReadOnlyDictionary<string, string>? Metrics { get; init; }

    /// <summary>Where the artifact comes from, by name: run, dataset, commit and whatever else helps to find it again.</summary>
    [MaxItems(64), MaxLength(1024)]
    public IReadOnlyDictionary<string, string>? Lineage { get; init; }

    /// <summary>What values the inputs are expected to have.</summary>
    [ListMap("feature"), MaxItems(1024)]
    public IReadOnlyList<FeatureExpectation>? Expectations { get; init; }
}

/// <summary>A ConfigMap in the same namespace.</summary>
public sealed record ConfigMapReference
{
    /// <summary>The ConfigMap's name.</summary>
    [Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"), MinLength(1), MaxLength(253)]
    public required string ConfigMapName { get; init; }
}

/// <summary>The inputs and outputs of a model.</summary>
public sealed record ModelSignature
{
    /// <summary>The inputs.</summary>
    [ListAtomic, MaxItems(1024)]
    public IReadOnlyList<TensorSignature>? Inputs { get; init; }

    /// <summary>The outputs.</summary>
    [ListAtomic, MaxItems(1024)]
    public IReadOnlyList<TensorSignature>? Outputs { get; init; }
}

/// <summary>One input or output.</summary>
public sealed record TensorSignature
{
    /// <summary>The tensor's name.</summary>
    [MinLength(1), MaxLength(512)]
    public required string Name { get; init; }

    /// <summary>The element type by the Open Inference Protocol's names: BOOL, UINT8 to UINT64, INT8 to INT64, FP16, BF16, FP32, FP64 or BYTES.</summary>
    [OneOf("BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP32", "FP64", "BYTES")]
    public required string Datatype { get; init; }

    /// <summary>The dimensions: numbers, -1 for any length, or the name of a symbolic dimension.</summary>
    [ListAtomic, MaxItems(32)]
    public IReadOnlyList<IntOrString>? Shape { get; init; }
}

/// <summary>What one feature is expected to be.</summary>
[Cel("!has(self.min) || !has(self.max) || self.min <= self.max", "min must not be above max")]
public sealed record FeatureExpectation
{
    /// <summary>The name of an input or of a column.</summary>
    [MinLength(1), MaxLength(512)]
    public required string Feature { get; init; }

    /// <summary>The least number.</summary>
    public double? Min { get; init; }

    /// <summary>The largest number.</summary>
    public double? Max { get; init; }

    /// <summary>The only values, as whole numbers or as text; numbers with a fraction are written as text.</summary>
    [ListAtomic, MinItems(1), MaxItems(1024)]
    public IReadOnlyList<IntOrString>? Allowed { get; init; }

    /// <summary>Whether a request must have it. Default false.</summary>
    public bool? Required { get; init; }

    /// <summary>Whether a request that does not meet the expectation is answered 400. Default false: it is counted.</summary>
    public bool? Reject { get; init; }
}
