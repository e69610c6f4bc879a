using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Api;

/// <summary>CPU and memory of a container, as Kubernetes writes them.</summary>
public sealed record ResourcesSpec
{
    /// <summary>What the scheduler sets aside, by resource name (cpu, memory, …), as quantities such as 500m or 256Mi.</summary>
    public IReadOnlyDictionary<string, Quantity>? Requests { get; init; }

    /// <summary>What the container may not exceed, by resource name. Above the memory limit it is killed.</summary>
    public IReadOnlyDictionary<string, Quantity>? Limits { get; init; }
}

/// <summary>One environment variable, by value or by reference.</summary>
public sealed record EnvVarSpec
{
    /// <summary>The variable's name.</summary>
    public required string Name { get; init; }

    /// <summary>The variable's value. Excludes valueFrom.</summary>
    public string? Value { get; init; }

    /// <summary>Where the value is read from when a pod starts. Excludes value.</summary>
    public EnvVarSourceSpec? ValueFrom { get; init; }
}

/// <summary>The source of an environment variable: exactly one of the two.</summary>
public sealed record EnvVarSourceSpec
{
    /// <summary>A key of a Secret in the same namespace.</summary>
    public KeyReference? SecretKeyRef { get; init; }

    /// <summary>A key of a ConfigMap in the same namespace.</summary>
    public KeyReference? ConfigMapKeyRef { get; init; }
}

/// <summary>One key of a Secret or ConfigMap.</summary>
public sealed record KeyReference
{
    /// <summary>The name of the Secret or ConfigMap.</summary>
    public required string Name { get; init; }

    /// <summary>The key in it.</summary>
    public required string Key { get; init; }

    /// <summary>Whether a pod starts without it. Default false.</summary>
    public bool? Optional { get; init; }
}

/// <summary>A node taint that the pods bear, as in Kubernetes.</summary>
public sealed record TolerationSpec
{
    /// <summary>The taint's key; empty with operator Exists bears every taint.</summary>
    public string? Key { get; init; }

    /// <summary>Equal (default) or Exists.</summary>
    public string? Operator { get; init; }

    /// <summary>The taint's value, for Equal.</summary>
    public string? Value { get; init; }

    /// <summary>NoSchedule, PreferNoSchedule or NoExecute; absent: all of them.</summary>
    public string? Effect { get; init; }

    /// <summary>Seconds to stay after a NoExecute taint appears; absent: for ever.</summary>
    public long? TolerationSeconds { get; init; }
}
