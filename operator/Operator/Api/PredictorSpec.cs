using System.Text.Json;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>What serves: the model, its replicas, how they scale, and how their pods are made.</summary>
[Cel("!has(self.maxReplicas) || self.minReplicas <= self.maxReplicas", "minReplicas must not be above maxReplicas", FieldPath = ".minReplicas")]
[Cel("!(has(self.autoscaler) || has(self.scaleMetric) || has(self.scaleTarget)) || (has(self.maxReplicas) && self.maxReplicas > self.minReplicas)", "there is nothing to scale: set maxReplicas above minReplicas, or remove autoscaler, scaleMetric and scaleTarget")]
[Cel("!has(self.autoscaler) || !(has(self.scaleMetric) || has(self.scaleTarget))", "scaleMetric and scaleTarget are KServe's names for autoscaler.metric and autoscaler.target; set only one pair")]
[Cel("!has(self.scaleMetric) || self.scaleMetric in ['cpu', 'memory'] || has(self.scaleTarget)", "scaleTarget is needed with rps and concurrency: there is no value that fits every model")]
public sealed record PredictorSpec
{
    /// <summary>The model to serve: either the name of a ModelVersion in <c>version</c>, or inline by <c>storageUri</c>.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The fewest pods that serve. Default 1. More than 1 adds a PodDisruptionBudget that keeps all but one through node drains.</summary>
    [CrdDefault("1")]
    [Cel("self >= 1", "must be at least 1: Sluice does not scale to zero")]
    [Maximum(1000)]
    public int? MinReplicas { get; init; }

    /// <summary>The most pods that serve. Default: minReplicas, which means a fixed number. More than minReplicas adds a HorizontalPodAutoscaler, and from then on the number of pods is the autoscaler's.</summary>
    [Minimum(1), Maximum(1000)]
    public int? MaxReplicas { get; init; }

    /// <summary>What the number of pods follows. Default with maxReplicas above minReplicas: cpu at 80 percent of the request.</summary>
    public AutoscalerSpec? Autoscaler { get; init; }

    /// <summary>KServe's name for <c>autoscaler.metric</c>; do not set both.</summary>
    public ScaleMetric? ScaleMetric { get; init; }

    /// <summary>KServe's name for <c>autoscaler.target</c>, in the metric's unit; do not set both.</summary>
    [Minimum(1)]
    public int? ScaleTarget { get; init; }

    /// <summary>KServe's manual canary, in percent of requests: a new version is held at this share until the field is removed, which promotes it; 0 keeps it ready without users.</summary>
    [Minimum(0), Maximum(100)]
    public int? CanaryTrafficPercent { get; init; }

    /// <summary>Joins requests that wait for a turn into one run of the model, where it gains by that.</summary>
    public BatcherSpec? Batcher { get; init; }

    /// <summary>Copies requests and answers to a sink, off the request path.</summary>
    public LoggerSpec? Logger { get; init; }

    /// <summary>Watches what the model is asked and what it answers: drift against its baseline, and accuracy from feedback.</summary>
    public MonitoringSpec? Monitoring { get; init; }

    /// <summary>Who may call the model. Default: everyone who reaches the Service.</summary>
    public AuthSpec? Auth { get; init; }

    /// <summary>Bounds who reaches the pods, by a NetworkPolicy that the operator keeps; the cluster's network must enforce such. Default: everyone.</summary>
    public NetworkSpec? NetworkPolicy { get; init; }

    /// <summary>Seconds after which a request is answered 504. Default 60.</summary>
    [CrdDefault("60"), Minimum(1), Maximum(3600)]
    public int? TimeoutSeconds { get; init; }

    /// <summary>The most requests that one pod works on at a time; more wait in a bounded queue. Default: as many as the pod has CPUs.</summary>
    [Minimum(1), Maximum(1000)]
    public int? ContainerConcurrency { get; init; }

    /// <summary>The ServiceAccount of the pods, for identity at storage and for pull secrets. Its API token is never mounted. Default: <c>default</c>.</summary>
    [Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"), MinLength(1), MaxLength(253)]
    public string? ServiceAccountName { get; init; }

    /// <summary>Labels that a node must have to run the pods.</summary>
    [MaxItems(32), MaxLength(63)]
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    /// <summary>Node taints that the pods bear.</summary>
    [ListAtomic, MaxItems(32)]
    public IReadOnlyList<TolerationSpec>? Tolerations { get; init; }

    /// <summary>Kubernetes' <c>pod.spec.affinity</c>, handed to the pods as it is. The API server checks it when pods are made; what it says appears in the condition CandidateHealthy.</summary>
    public JsonElement? Affinity { get; init; }

    /// <summary>Labels for the pods, beside those that Sluice sets itself. Names under sluice.dev and app.kubernetes.io are kept for Sluice.</summary>
    [MaxItems(32), MaxLength(63), Pattern("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")]
    [Cel("self.all(name, !name.startsWith('sluice.dev/') && !name.startsWith('app.kubernetes.io/'))", "names under sluice.dev/ and app.kubernetes.io/ are kept for Sluice")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Annotations for the pods. Names under sluice.dev are kept for Sluice.</summary>
    [MaxItems(64), MaxLength(16384)]
    [Cel("self.all(name, !name.startsWith('sluice.dev/'))", "names under sluice.dev/ are kept for Sluice")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
