using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;

namespace Sluice.Kubernetes.Model;

/// <summary>batch/v1 Job.</summary>
public sealed record Job : KubeObject<Job>, IKubeObject<Job>
{
    public static ResourceKind Kind => new("batch", "v1", "Job", "jobs");

    public static JsonTypeInfo<Job> JsonType => KubeJson.Default.Job;

    public JobSpec? Spec { get; init; }

    public JobStatus? Status { get; init; }
}

/// <summary>batch/v1 JobSpec.</summary>
public sealed record JobSpec
{
    public int? Parallelism { get; init; }

    public int? Completions { get; init; }

    public int? BackoffLimit { get; init; }

    public long? ActiveDeadlineSeconds { get; init; }

    public int? TtlSecondsAfterFinished { get; init; }

    public LabelSelector? Selector { get; init; }

    public PodTemplateSpec? Template { get; init; }

    public bool? Suspend { get; init; }
}

/// <summary>batch/v1 JobStatus.</summary>
public sealed record JobStatus
{
    public int? Active { get; init; }

    public int? Ready { get; init; }

    public int? Succeeded { get; init; }

    public int? Failed { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? StartTime { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? CompletionTime { get; init; }

    public IReadOnlyList<PodCondition>? Conditions { get; init; }
}
