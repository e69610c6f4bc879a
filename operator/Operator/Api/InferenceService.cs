using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api.Schema;

namespace Sluice.Operator.Api;

/// <summary>What users call: which model to serve, on how many pods, and how a change of it rolls out.</summary>
[CustomResource("inferenceservice", "sis")]
[PrinterColumn("URL", "string", ".status.url")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type=='Ready')].status")]
[PrinterColumn("Stable", "string", ".status.stable.version")]
[PrinterColumn("Candidate", "string", ".status.candidate.version")]
[PrinterColumn("Stage", "string", ".status.rollout.stage")]
[PrinterColumn("Weight", "integer", ".status.rollout.weightObserved", Description = "The candidate's share of the requests as seen, in percent.")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn("Reason", "string", ".status.conditions[?(@.type=='Ready')].reason", Priority = 1)]
[PrinterColumn("Next", "string", ".status.rollout.nextAction", Priority = 1, Description = "What the operator does or waits for.")]
[Cel("self.metadata.name.size() <= 52", "metadata.name must have at most 52 characters: names that are made from it, such as NAME-HASH, must fit into 63")]
[Cel("self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')", "metadata.name must be lower case letters, digits and dashes and begin with a letter, because a Service is called so")]
public sealed record InferenceService : KubeObject<InferenceService>, IKubeObject<InferenceService>
{
    public static ResourceKind Kind => new("sluice.dev", "v1alpha1", "InferenceService", "inferenceservices");

    public static JsonTypeInfo<InferenceService> JsonType => ApiJson.Default.InferenceService;

    /// <summary>What is wanted.</summary>
    public required InferenceServiceSpec Spec { get; init; }

    /// <summary>What is.</summary>
    public InferenceServiceStatus? Status { get; init; }
}

/// <summary>What is wanted of a service.</summary>
[Cel("!has(self.predictor.canaryTrafficPercent) || !has(self.rollout) || self.rollout.strategy == 'Immediate'", "predictor.canaryTrafficPercent is the manual canary; remove it, or rollout.strategy with its steps")]
public sealed record InferenceServiceSpec
{
    /// <summary>The model and the pods that serve it.</summary>
    public required PredictorSpec Predictor { get; init; }

    /// <summary>How a change rolls out. Default: strategy Immediate.</summary>
    public RolloutSpec? Rollout { get; init; }

    /// <summary>How many retired revisions are remembered with everything that going back to them needs. Default 5.</summary>
    [CrdDefault("5"), Minimum(1), Maximum(50)]
    public int? RevisionHistoryLimit { get; init; }
}
