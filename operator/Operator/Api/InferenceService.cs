using System.Text.Json.Serialization.Metadata;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Api;

/// <summary>What users call: which model to serve, on how many pods, and how a change of it rolls out.</summary>
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
public sealed record InferenceServiceSpec
{
    /// <summary>The model and the pods that serve it.</summary>
    public required PredictorSpec Predictor { get; init; }

    /// <summary>How a change rolls out. Default: strategy Immediate.</summary>
    public RolloutSpec? Rollout { get; init; }

    /// <summary>How many retired revisions are remembered with everything that going back to them needs. Default 5.</summary>
    public int? RevisionHistoryLimit { get; init; }
}
