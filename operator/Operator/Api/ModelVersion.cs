using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>One immutable version of a model. Its spec cannot change; a new artifact is a new ModelVersion.</summary>
[CustomResource("modelversion", "mver")]
[PrinterColumn("Model", "string", ".spec.model")]
[PrinterColumn("Version", "string", ".spec.version")]
[PrinterColumn("Digest", "string", ".status.shortDigest")]
[PrinterColumn("Size", "integer", ".status.sizeBytes", Description = "Bytes of the artifact.")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type=='Ready')].status")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn("Storage", "string", ".spec.storageUri", Priority = 1)]
[PrinterColumn("Reason", "string", ".status.conditions[?(@.type=='Ready')].reason", Priority = 1)]
[SelectableField(".spec.model")]
[Cel("self.metadata.name.size() <= 63", "metadata.name must have at most 63 characters, because labels and metrics carry it")]
public sealed record ModelVersion : KubeObject<ModelVersion>, IKubeObject<ModelVersion>
{
    public static ResourceKind Kind => new("sluice.dev", "v1alpha1", "ModelVersion", "modelversions");

    public static JsonTypeInfo<ModelVersion> JsonType => ApiJson.Default.ModelVersion;

    /// <summary>What the version is.</summary>
    [Cel("self == oldSelf", "spec is immutable; a new artifact is a new ModelVersion")]
    public required ModelVersionSpec Spec { get; init; }

    /// <summary>What is known of it.</summary>
    public ModelVersionStatus? Status { get; init; }
}
