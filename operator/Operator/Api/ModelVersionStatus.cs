using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>What is known of the artifact. Written by the operator alone.</summary>
public sealed record ModelVersionStatus
{
    /// <summary>The generation of the spec that this status speaks of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Resolved (the artifact was found), Verified (it is what the spec says), Ready (services may use it), Reconciling, Stalled.</summary>
    [ListMap("type"), MaxItems(16)]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>The artifact's SHA-256 as <c>sha256:HEX</c>.</summary>
    public string? Digest { get; init; }

    /// <summary>The digest's first 12 characters, for people.</summary>
    public string? ShortDigest { get; init; }

    /// <summary>The artifact's size in bytes.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The version of ONNX' default operator set that the artifact uses.</summary>
    public long? Opset { get; init; }

    /// <summary>The version of the ONNX file format.</summary>
    public long? IrVersion { get; init; }

    /// <summary>The program that wrote the artifact.</summary>
    public string? Producer { get; init; }

    /// <summary>What the storage knew of where the artifact comes from: run, model and version of MLflow, and param.NAME for what its training was given.</summary>
    [MaxItems(64), MaxLength(1024)]
    public IReadOnlyDictionary<string, string>? Lineage { get; init; }

    /// <summary>What its author wrote into the artifact, by name.</summary>
    [MaxItems(64), MaxLength(1024)]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Files beside the model that hold its weights.</summary>
    [ListAtomic, MaxItems(64), MaxLength(1024)]
    public IReadOnlyList<string>? ExternalData { get; init; }

    /// <summary>The inputs and outputs that the artifact has.</summary>
    public ModelSignature? Signature { get; init; }

    /// <summary>How many tries to fetch and examine the artifact have failed. Absent once it is verified.</summary>
    public int? FailedAttempts { get; init; }

    /// <summary>When the next try is due, after one that failed.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? NextAttemptTime { get; init; }
}
