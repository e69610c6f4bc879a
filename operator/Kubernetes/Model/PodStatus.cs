using System.Text.Json.Serialization;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>core/v1 PodStatus.</summary>
public sealed record PodStatus
{
    public long? ObservedGeneration { get; init; }

    /// <summary>Pending, Running, Succeeded, Failed or Unknown.</summary>
    public string? Phase { get; init; }

    public IReadOnlyList<PodCondition>? Conditions { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? HostIP { get; init; }

    public IReadOnlyList<IPAddressEntry>? HostIPs { get; init; }

    public string? PodIP { get; init; }

    public IReadOnlyList<IPAddressEntry>? PodIPs { get; init; }

    public string? QosClass { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StartTime { get; init; }

    public IReadOnlyList<ContainerStatus>? InitContainerStatuses { get; init; }

    public IReadOnlyList<ContainerStatus>? ContainerStatuses { get; init; }

    /// <summary>The Ready condition is True.</summary>
    [JsonIgnore]
    public bool IsReady => Conditions?.Any(static c => c.Type == "Ready" && c.Status == ConditionStatus.True) ?? false;
}

/// <summary>core/v1 PodIP and HostIP.</summary>
public sealed record IPAddressEntry
{
    public string? Ip { get; init; }
}

/// <summary>core/v1 PodCondition.</summary>
public sealed record PodCondition
{
    public required string Type { get; init; }

    public required string Status { get; init; }

    public long? ObservedGeneration { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastProbeTime { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}

/// <summary>core/v1 ContainerStatus.</summary>
public sealed record ContainerStatus
{
    public required string Name { get; init; }

    public ContainerState? State { get; init; }

    public ContainerState? LastState { get; init; }

    public bool? Ready { get; init; }

    public bool? Started { get; init; }

    public int? RestartCount { get; init; }

    public string? Image { get; init; }

    public string? ImageID { get; init; }

    public string? ContainerID { get; init; }
}

/// <summary>core/v1 ContainerState; at most one member is set.</summary>
public sealed record ContainerState
{
    public ContainerStateWaiting? Waiting { get; init; }

    public ContainerStateRunning? Running { get; init; }

    public ContainerStateTerminated? Terminated { get; init; }
}

/// <summary>core/v1 ContainerStateWaiting.</summary>
public sealed record ContainerStateWaiting
{
    public string? Reason { get; init; }

    public string? Message { get; init; }
}

/// <summary>core/v1 ContainerStateRunning.</summary>
public sealed record ContainerStateRunning
{
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>core/v1 ContainerStateTerminated.</summary>
public sealed record ContainerStateTerminated
{
    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    public string? Reason { get; init; }

    /// <summary>What the container wrote to its termination message path.</summary>
    public string? Message { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StartedAt { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? FinishedAt { get; init; }

    public string? ContainerID { get; init; }
}
