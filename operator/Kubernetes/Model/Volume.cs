namespace Sluice.Kubernetes.Model;

/// <summary>core/v1 VolumeMount.</summary>
public sealed record VolumeMount
{
    public required string Name { get; init; }

    public required string MountPath { get; init; }

    public string? SubPath { get; init; }

    public bool? ReadOnly { get; init; }
}

/// <summary>core/v1 Volume; exactly one source is set.</summary>
public sealed record Volume
{
    public required string Name { get; init; }

    public EmptyDirVolumeSource? EmptyDir { get; init; }

    public ConfigMapVolumeSource? ConfigMap { get; init; }

    public SecretVolumeSource? Secret { get; init; }

    public ProjectedVolumeSource? Projected { get; init; }

    public DownwardApiVolumeSource? DownwardAPI { get; init; }

    public PersistentVolumeClaimVolumeSource? PersistentVolumeClaim { get; init; }

    public HostPathVolumeSource? HostPath { get; init; }

    public ImageVolumeSource? Image { get; init; }
}

/// <summary>core/v1 ImageVolumeSource.</summary>
public sealed record ImageVolumeSource
{
    public string? Reference { get; init; }

    public string? PullPolicy { get; init; }
}

/// <summary>core/v1 EmptyDirVolumeSource.</summary>
public sealed record EmptyDirVolumeSource
{
    public string? Medium { get; init; }

    public Quantity? SizeLimit { get; init; }
}

/// <summary>core/v1 ConfigMapVolumeSource.</summary>
public sealed record ConfigMapVolumeSource
{
    public string? Name { get; init; }

    public IReadOnlyList<KeyToPath>? Items { get; init; }

    public int? DefaultMode { get; init; }

    public bool? Optional { get; init; }
}

/// <summary>core/v1 SecretVolumeSource.</summary>
public sealed record SecretVolumeSource
{
    public string? SecretName { get; init; }

    public IReadOnlyList<KeyToPath>? Items { get; init; }

    public int? DefaultMode { get; init; }

    public bool? Optional { get; init; }
}

/// <summary>core/v1 KeyToPath.</summary>
public sealed record KeyToPath
{
    public required string Key { get; init; }

    public required string Path { get; init; }

    public int? Mode { get; init; }
}

/// <summary>core/v1 ProjectedVolumeSource.</summary>
public sealed record ProjectedVolumeSource
{
    public IReadOnlyList<VolumeProjection>? Sources { get; init; }

    public int? DefaultMode { get; init; }
}

/// <summary>core/v1 VolumeProjection; exactly one member is set.</summary>
public sealed record VolumeProjection
{
    public ConfigMapProjection? ConfigMap { get; init; }

    public ConfigMapProjection? Secret { get; init; }

    public DownwardApiVolumeSource? DownwardAPI { get; init; }

    public ServiceAccountTokenProjection? ServiceAccountToken { get; init; }
}

/// <summary>core/v1 ConfigMapProjection and SecretProjection.</summary>
public sealed record ConfigMapProjection
{
    public string? Name { get; init; }

    public IReadOnlyList<KeyToPath>? Items { get; init; }

    public bool? Optional { get; init; }
}

/// <summary>core/v1 ServiceAccountTokenProjection.</summary>
public sealed record ServiceAccountTokenProjection
{
    public string? Audience { get; init; }

    public long? ExpirationSeconds { get; init; }

    public required string Path { get; init; }
}

/// <summary>core/v1 DownwardAPIVolumeSource and DownwardAPIProjection.</summary>
public sealed record DownwardApiVolumeSource
{
    public IReadOnlyList<DownwardApiVolumeFile>? Items { get; init; }

    public int? DefaultMode { get; init; }
}

/// <summary>core/v1 DownwardAPIVolumeFile.</summary>
public sealed record DownwardApiVolumeFile
{
    public required string Path { get; init; }

    public ObjectFieldSelector? FieldRef { get; init; }

    public ResourceFieldSelector? ResourceFieldRef { get; init; }

    public int? Mode { get; init; }
}

/// <summary>core/v1 PersistentVolumeClaimVolumeSource.</summary>
public sealed record PersistentVolumeClaimVolumeSource
{
    public required string ClaimName { get; init; }

    public bool? ReadOnly { get; init; }
}

/// <summary>core/v1 HostPathVolumeSource.</summary>
public sealed record HostPathVolumeSource
{
    public required string Path { get; init; }

    public string? Type { get; init; }
}
