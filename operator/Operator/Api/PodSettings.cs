using Sluice.Kubernetes.Model;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>CPU and memory of a container, as Kubernetes writes them.</summary>
public sealed record ResourcesSpec
{
    /// <summary>What the scheduler sets aside, by resource name (cpu, memory, …), as quantities such as 500m or 256Mi.</summary>
    [MaxItems(16)]
    public IReadOnlyDictionary<string, Quantity>? Requests { get; init; }

    /// <summary>What the container may not exceed, by resource name. Above the memory limit it is killed.</summary>
    [MaxItems(16)]
    public IReadOnlyDictionary<string, Quantity>? Limits { get; init; }
}

/// <summary>One environment variable, by value or by reference.</summary>
[Cel("!has(self.value) || !has(self.valueFrom)", "value and valueFrom exclude each other")]
public sealed record EnvVarSpec
{
    /// <summary>The variable's name. Names that begin with SLUICE_ are kept for Sluice.</summary>
    [Cel("!self.startsWith('SLUICE_')", "names that begin with SLUICE_ are kept for Sluice")]
    [Pattern("^[-._A-Za-z][-._A-Za-z0-9]*$"), MaxLength(253)]
    public required string Name { get; init; }

    /// <summary>The variable's value. Excludes valueFrom.</summary>
    public string? Value { get; init; }

    /// <summary>Where the value is read from when a pod starts. Excludes value.</summary>
    public EnvVarSourceSpec? ValueFrom { get; init; }
}

/// <summary>The source of an environment variable: exactly one of the two.</summary>
[Cel("has(self.secretKeyRef) != has(self.configMapKeyRef)", "exactly one of secretKeyRef and configMapKeyRef must be set")]
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
    [Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"), MinLength(1), MaxLength(253)]
    public required string Name { get; init; }

    /// <summary>The key in it.</summary>
    [Pattern("^[-._a-zA-Z0-9]+$"), MaxLength(253)]
    public required string Key { get; init; }

    /// <summary>Whether a pod starts without it. Default false.</summary>
    public bool? Optional { get; init; }
}

/// <summary>A node taint that the pods bear, as in Kubernetes.</summary>
[Cel("has(self.key) || (has(self.operator) && self.operator == 'Exists')", "without a key the operator must be Exists")]
[Cel("!has(self.value) || !has(self.operator) || self.operator == 'Equal'", "value is for the operator Equal")]
[Cel("!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')", "tolerationSeconds is for the effect NoExecute")]
public sealed record TolerationSpec
{
    /// <summary>The taint's key; empty with operator Exists bears every taint.</summary>
    [MaxLength(317)]
    public string? Key { get; init; }

    /// <summary>Equal (default) or Exists.</summary>
    [OneOf("Equal", "Exists")]
    public string? Operator { get; init; }

    /// <summary>The taint's value, for Equal.</summary>
    [MaxLength(63)]
    public string? Value { get; init; }

    /// <summary>NoSchedule, PreferNoSchedule or NoExecute; absent: all of them.</summary>
    [OneOf("NoSchedule", "PreferNoSchedule", "NoExecute")]
    public string? Effect { get; init; }

    /// <summary>Seconds to stay after a NoExecute taint appears; absent: for ever.</summary>
    public long? TolerationSeconds { get; init; }
}
