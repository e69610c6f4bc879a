using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Model;

// These kinds keep the pod template as the JSON that it is: a controller must carry over every field of it, also those
// that nobody here has a name for.

/// <summary>apps/v1 Deployment with its template untouched.</summary>
internal sealed record DeploymentResource : KubeObject<DeploymentResource>, IKubeObject<DeploymentResource>
{
    public static ResourceKind Kind => Deployment.Kind;

    public static JsonTypeInfo<DeploymentResource> JsonType => LocalJson.Default.DeploymentResource;

    public DeploymentResourceSpec? Spec { get; init; }

    public DeploymentStatus? Status { get; init; }
}

internal sealed record DeploymentResourceSpec
{
    public int? Replicas { get; init; }

    public LabelSelector? Selector { get; init; }

    public JsonElement Template { get; init; }

    public DeploymentStrategy? Strategy { get; init; }

    public int? MinReadySeconds { get; init; }

    public int? RevisionHistoryLimit { get; init; }

    public bool? Paused { get; init; }

    public int? ProgressDeadlineSeconds { get; init; }
}

/// <summary>apps/v1 ReplicaSet with its template untouched.</summary>
internal sealed record ReplicaSetResource : KubeObject<ReplicaSetResource>, IKubeObject<ReplicaSetResource>
{
    public static ResourceKind Kind => ReplicaSet.Kind;

    public static JsonTypeInfo<ReplicaSetResource> JsonType => LocalJson.Default.ReplicaSetResource;

    public ReplicaSetResourceSpec? Spec { get; init; }

    public ReplicaSetStatus? Status { get; init; }
}

internal sealed record ReplicaSetResourceSpec
{
    public int? Replicas { get; init; }

    public int? MinReadySeconds { get; init; }

    public LabelSelector? Selector { get; init; }

    public JsonElement Template { get; init; }
}

/// <summary>batch/v1 Job with its template untouched.</summary>
internal sealed record JobResource : KubeObject<JobResource>, IKubeObject<JobResource>
{
    public static ResourceKind Kind => Job.Kind;

    public static JsonTypeInfo<JobResource> JsonType => LocalJson.Default.JobResource;

    public JobResourceSpec? Spec { get; init; }

    public JobStatus? Status { get; init; }
}

internal sealed record JobResourceSpec
{
    public int? Parallelism { get; init; }

    public int? Completions { get; init; }

    public int? BackoffLimit { get; init; }

    public long? ActiveDeadlineSeconds { get; init; }

    public int? TtlSecondsAfterFinished { get; init; }

    public LabelSelector? Selector { get; init; }

    public bool? Suspend { get; init; }

    public JsonElement Template { get; init; }
}

/// <summary>batch/v1 CronJob with its template untouched.</summary>
internal sealed record CronJobResource : KubeObject<CronJobResource>, IKubeObject<CronJobResource>
{
    public static ResourceKind Kind => new("batch", "v1", "CronJob", "cronjobs");

    public static JsonTypeInfo<CronJobResource> JsonType => LocalJson.Default.CronJobResource;

    public CronJobResourceSpec? Spec { get; init; }

    public CronJobResourceStatus? Status { get; init; }
}

internal sealed record CronJobResourceSpec
{
    public string? Schedule { get; init; }

    public string? TimeZone { get; init; }

    public string? ConcurrencyPolicy { get; init; }

    public bool? Suspend { get; init; }

    public long? StartingDeadlineSeconds { get; init; }

    public int? SuccessfulJobsHistoryLimit { get; init; }

    public int? FailedJobsHistoryLimit { get; init; }

    public CronJobTemplate? JobTemplate { get; init; }
}

internal sealed record CronJobTemplate
{
    public ObjectMeta? Metadata { get; init; }

    public JobResourceSpec? Spec { get; init; }
}

internal sealed record CronJobResourceStatus
{
    public IReadOnlyList<ObjectReference>? Active { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastScheduleTime { get; init; }

    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? LastSuccessfulTime { get; init; }
}

/// <summary>A pod to be created, its spec as the template has it.</summary>
internal sealed record PodResource : KubeObject<PodResource>, IKubeObject<PodResource>
{
    public static ResourceKind Kind => Pod.Kind;

    public static JsonTypeInfo<PodResource> JsonType => LocalJson.Default.PodResource;

    public JsonElement Spec { get; init; }
}
