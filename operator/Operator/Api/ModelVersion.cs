using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Api;

/// <summary>One immutable version of a model. Its spec cannot change; a new artifact is a new ModelVersion.</summary>
public sealed record ModelVersion : KubeObject<ModelVersion>, IKubeObject<ModelVersion>
{
    public static ResourceKind Kind => new("sluice.dev", "v1alpha1", "ModelVersion", "modelversions");

    public static JsonTypeInfo<ModelVersion> JsonType => ApiJson.Default.ModelVersion;

    /// <summary>What the version is.</summary>
    public required ModelVersionSpec Spec { get; init; }

    /// <summary>What is known of it.</summary>
    public ModelVersionStatus? Status { get; init; }
}
