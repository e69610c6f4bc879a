using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>core/v1 ConfigMap.</summary>
public sealed record ConfigMap : KubeObject<ConfigMap>, IKubeObject<ConfigMap>
{
    public static ResourceKind Kind => new("", "v1", "ConfigMap", "configmaps");

    public static JsonTypeInfo<ConfigMap> JsonType => KubeJson.Default.ConfigMap;

    public IReadOnlyDictionary<string, string>? Data { get; init; }

    public IReadOnlyDictionary<string, byte[]>? BinaryData { get; init; }

    public bool? Immutable { get; init; }
}

/// <summary>core/v1 Secret.</summary>
public sealed record Secret : KubeObject<Secret>, IKubeObject<Secret>
{
    public static ResourceKind Kind => new("", "v1", "Secret", "secrets");

    public static JsonTypeInfo<Secret> JsonType => KubeJson.Default.Secret;

    public string? Type { get; init; }

    public IReadOnlyDictionary<string, byte[]>? Data { get; init; }

    public IReadOnlyDictionary<string, string>? StringData { get; init; }

    public bool? Immutable { get; init; }

    /// <summary>Bytes do not belong in logs.</summary>
    public override string ToString() => $"Secret {Key}";
}

/// <summary>core/v1 Namespace.</summary>
public sealed record Namespace : KubeObject<Namespace>, IKubeObject<Namespace>
{
    public static ResourceKind Kind => new("", "v1", "Namespace", "namespaces", Namespaced: false);

    public static JsonTypeInfo<Namespace> JsonType => KubeJson.Default.Namespace;

    public NamespaceSpec? Spec { get; init; }

    public NamespaceStatus? Status { get; init; }
}

/// <summary>core/v1 NamespaceSpec.</summary>
public sealed record NamespaceSpec
{
    public IReadOnlyList<string>? Finalizers { get; init; }
}

/// <summary>core/v1 NamespaceStatus.</summary>
public sealed record NamespaceStatus
{
    /// <summary>Active or Terminating.</summary>
    public string? Phase { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>core/v1 PersistentVolumeClaim.</summary>
public sealed record PersistentVolumeClaim : KubeObject<PersistentVolumeClaim>, IKubeObject<PersistentVolumeClaim>
{
    public static ResourceKind Kind => new("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims");

    public static JsonTypeInfo<PersistentVolumeClaim> JsonType => KubeJson.Default.PersistentVolumeClaim;

    public PersistentVolumeClaimSpec? Spec { get; init; }

    public PersistentVolumeClaimStatus? Status { get; init; }
}

/// <summary>core/v1 PersistentVolumeClaimSpec.</summary>
public sealed record PersistentVolumeClaimSpec
{
    public IReadOnlyList<string>? AccessModes { get; init; }

    public ResourceRequirements? Resources { get; init; }

    public string? StorageClassName { get; init; }

    public string? VolumeMode { get; init; }

    public string? VolumeName { get; init; }
}

/// <summary>core/v1 PersistentVolumeClaimStatus.</summary>
public sealed record PersistentVolumeClaimStatus
{
    /// <summary>Pending, Bound or Lost.</summary>
    public string? Phase { get; init; }

    public IReadOnlyList<string>? AccessModes { get; init; }

    public IReadOnlyDictionary<string, Quantity>? Capacity { get; init; }
}

/// <summary>core/v1 ObjectReference.</summary>
public sealed record ObjectReference
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public string? FieldPath { get; init; }

    public static ObjectReference To(IKubeObject target) => new()
    {
        ApiVersion = target.ResourceKind.ApiVersion,
        Kind = target.ResourceKind.Kind,
        Namespace = target.Metadata.Namespace,
        Name = target.Metadata.Name,
        Uid = target.Metadata.Uid,
        ResourceVersion = target.Metadata.ResourceVersion,
    };
}
