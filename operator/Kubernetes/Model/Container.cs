using System.Text.Json.Serialization;

namespace Sluice.Kubernetes.Model;

/// <summary>core/v1 Container.</summary>
public sealed record Container
{
    public required string Name { get; init; }

    public string? Image { get; init; }

    public string? ImagePullPolicy { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public string? WorkingDir { get; init; }

    public IReadOnlyList<ContainerPort>? Ports { get; init; }

    public IReadOnlyList<EnvVar>? Env { get; init; }

    public IReadOnlyList<EnvFromSource>? EnvFrom { get; init; }

    public ResourceRequirements? Resources { get; init; }

    public IReadOnlyList<VolumeMount>? VolumeMounts { get; init; }

    public Probe? LivenessProbe { get; init; }

    public Probe? ReadinessProbe { get; init; }

    public Probe? StartupProbe { get; init; }

    public Lifecycle? Lifecycle { get; init; }

    public string? TerminationMessagePath { get; init; }

    /// <summary>File or FallbackToLogsOnError.</summary>
    public string? TerminationMessagePolicy { get; init; }

    public SecurityContext? SecurityContext { get; init; }

    /// <summary>Only Always, and only for init containers (sidecars).</summary>
    public string? RestartPolicy { get; init; }
}

/// <summary>core/v1 ContainerPort.</summary>
public sealed record ContainerPort
{
    public string? Name { get; init; }

    [JsonPropertyName("containerPort")]
    public required int Number { get; init; }

    public string? Protocol { get; init; }
}

/// <summary>core/v1 EnvVar.</summary>
public sealed record EnvVar
{
    public required string Name { get; init; }

    public string? Value { get; init; }

    public EnvVarSource? ValueFrom { get; init; }
}

/// <summary>core/v1 EnvVarSource.</summary>
public sealed record EnvVarSource
{
    public ObjectFieldSelector? FieldRef { get; init; }

    public ResourceFieldSelector? ResourceFieldRef { get; init; }

    public KeySelector? ConfigMapKeyRef { get; init; }

    public KeySelector? SecretKeyRef { get; init; }
}

/// <summary>core/v1 ObjectFieldSelector.</summary>
public sealed record ObjectFieldSelector
{
    public string? ApiVersion { get; init; }

    public required string FieldPath { get; init; }
}

/// <summary>core/v1 ResourceFieldSelector.</summary>
public sealed record ResourceFieldSelector
{
    public string? ContainerName { get; init; }

    public required string Resource { get; init; }

    public Quantity? Divisor { get; init; }
}

/// <summary>core/v1 ConfigMapKeySelector and SecretKeySelector.</summary>
public sealed record KeySelector
{
    public string? Name { get; init; }

    public required string Key { get; init; }

    public bool? Optional { get; init; }
}

/// <summary>core/v1 EnvFromSource.</summary>
public sealed record EnvFromSource
{
    public string? Prefix { get; init; }

    public EnvFromReference? ConfigMapRef { get; init; }

    public EnvFromReference? SecretRef { get; init; }
}

/// <summary>core/v1 ConfigMapEnvSource and SecretEnvSource.</summary>
public sealed record EnvFromReference
{
    public string? Name { get; init; }

    public bool? Optional { get; init; }
}

/// <summary>core/v1 ResourceRequirements.</summary>
public sealed record ResourceRequirements
{
    public IReadOnlyDictionary<string, Quantity>? Requests { get; init; }

    public IReadOnlyDictionary<string, Quantity>? Limits { get; init; }
}

/// <summary>core/v1 SecurityContext.</summary>
public sealed record SecurityContext
{
    public bool? RunAsNonRoot { get; init; }

    public long? RunAsUser { get; init; }

    public long? RunAsGroup { get; init; }

    public bool? Privileged { get; init; }

    public bool? ReadOnlyRootFilesystem { get; init; }

    public bool? AllowPrivilegeEscalation { get; init; }

    public Capabilities? Capabilities { get; init; }

    public SeccompProfile? SeccompProfile { get; init; }
}

/// <summary>core/v1 Capabilities.</summary>
public sealed record Capabilities
{
    public IReadOnlyList<string>? Add { get; init; }

    public IReadOnlyList<string>? Drop { get; init; }
}
