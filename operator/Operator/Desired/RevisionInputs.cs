using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>
/// Everything of a spec that shapes a pod. Two specs with equal inputs are the same revision. A new member must be
/// absent when it is not used: a member that is always written would change every name and restart every pod.
/// </summary>
internal sealed record RevisionInputs
{
    public const int DefaultTimeoutSeconds = 60;

    /// <summary>What the model is called in requests: the service's name.</summary>
    public required string ModelName { get; init; }

    /// <summary>The ModelVersion's name; absent for an inline model.</summary>
    public string? ModelVersion { get; init; }

    public required string StorageUri { get; init; }

    /// <summary>The pinned digest in lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The Secret that the model is fetched with; only its name is ever known here.</summary>
    public string? CredentialsSecret { get; init; }

    /// <summary>Variables of the fetching container: where the storage is, and how to speak to it.</summary>
    public IReadOnlyDictionary<string, string>? StorageVariables { get; init; }

    /// <summary>The ConfigMap with the answers that the model must give before a pod is Ready.</summary>
    public string? GoldenConfigMap { get; init; }

    /// <summary>The ConfigMap with the distributions that requests and answers are compared with.</summary>
    public string? BaselineConfigMap { get; init; }

    /// <summary>What the features are expected to be, in the runtime's JSON.</summary>
    public string? Expectations { get; init; }

    /// <summary>What a violation of that comes to; absent when each expectation says so itself.</summary>
    public string? Violations { get; init; }

    /// <summary>The Secret with the keys of callers; only its name is ever known here.</summary>
    public string? ApiKeysSecret { get; init; }

    /// <summary>What the pods watch and log, see <see cref="WatchingInputs"/>.</summary>
    public IReadOnlyDictionary<string, string>? Watching { get; init; }

    /// <summary>The claim that payloads are logged to.</summary>
    public string? PayloadClaim { get; init; }

    public int? TimeoutSeconds { get; init; }

    public int? ContainerConcurrency { get; init; }

    public ResourcesSpec? Resources { get; init; }

    public IReadOnlyList<EnvVarSpec>? Env { get; init; }

    public string? ServiceAccountName { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public IReadOnlyList<TolerationSpec>? Tolerations { get; init; }

    public JsonElement? Affinity { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public static RevisionInputs From(string service, ModelSource source, PredictorSpec predictor) => new()
    {
        ModelName = service,
        ModelVersion = source.Version,
        StorageUri = source.StorageUri,
        Sha256 = source.Sha256,
        CredentialsSecret = source.CredentialsSecret,
        StorageVariables = source.StorageVariables,
        GoldenConfigMap = source.GoldenConfigMap,
        BaselineConfigMap = source.BaselineConfigMap,
        Expectations = source.Expectations,
        Violations = source.Expectations is null ? null : predictor.Monitoring?.Violations switch
        {
            ViolationPolicy.Count => ViolationResults.Count,
            ViolationPolicy.Reject => ViolationResults.Reject,
            _ => null,
        },
        ApiKeysSecret = predictor.Auth?.ApiKeysSecret,
        Watching = WatchingInputs.Of(service, predictor, source),
        PayloadClaim = predictor.Logger?.Volume?.ClaimName,
        TimeoutSeconds = predictor.TimeoutSeconds is DefaultTimeoutSeconds ? null : predictor.TimeoutSeconds,
        ContainerConcurrency = predictor.ContainerConcurrency,
        Resources = predictor.Model.Resources,
        Env = NullIfEmpty(predictor.Model.Env),
        ServiceAccountName = predictor.ServiceAccountName,
        NodeSelector = NullIfEmpty(predictor.NodeSelector),
        Tolerations = NullIfEmpty(predictor.Tolerations),
        Affinity = predictor.Affinity,
        Labels = Unreserved(predictor.Labels),
        Annotations = Unreserved(predictor.Annotations),
    };

    static Dictionary<string, string>? Unreserved(IReadOnlyDictionary<string, string>? wished)
    {
        var kept = wished?.Where(static w => !Api.Labels.IsReserved(w.Key)).ToDictionary();
        return kept is { Count: > 0 } ? kept : null;
    }

    static IReadOnlyList<T>? NullIfEmpty<T>(IReadOnlyList<T>? list) => list is { Count: > 0 } ? list : null;

    static IReadOnlyDictionary<string, string>? NullIfEmpty(IReadOnlyDictionary<string, string>? map) =>
        map is { Count: > 0 } ? map : null;
}

/// <summary>Where a model comes from, once the spec and the ModelVersion have been read.</summary>
/// <param name="Version">The ModelVersion's name; null for an inline model.</param>
/// <param name="StorageUri">Where it lies.</param>
/// <param name="Sha256">What it must be, in lower-case hex; null when it is not pinned.</param>
/// <param name="CredentialsSecret">The Secret to fetch it with.</param>
internal sealed record ModelSource(string? Version, string StorageUri, string? Sha256, string? CredentialsSecret = null)
{
    /// <summary>Where the storage is, and how to speak to it; null when it is where its address says.</summary>
    public IReadOnlyDictionary<string, string>? StorageVariables { get; init; }

    public string? GoldenConfigMap { get; init; }

    public string? BaselineConfigMap { get; init; }

    /// <summary>What its features are expected to be, in the runtime's JSON.</summary>
    public string? Expectations { get; init; }

    /// <summary>What it takes and gives, when that is known.</summary>
    public ModelSignature? Signature { get; init; }
}

/// <summary>
/// A revision as it was made: what went in, and the pod template that came out. The template is kept and never made
/// again, because a later operator would make it differently and so restart pods that serve.
/// </summary>
internal sealed record RevisionRecord
{
    public required string Name { get; init; }

    public required RevisionInputs Inputs { get; init; }

    public required PodTemplateSpec Template { get; init; }

    /// <summary>What the model takes and gives, when it was known. No part of the inputs: it follows from the digest.</summary>
    public ModelSignature? Signature { get; init; }

    public Rollouts.Revision ToRevision() => new(
        Name,
        Inputs.ModelVersion ?? Name,
        Inputs.StorageUri,
        Inputs.Sha256 is { } hex ? $"sha256:{hex}" : Name);
}

/// <summary>JSON of the frozen records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RevisionInputs))]
[JsonSerializable(typeof(RevisionRecord))]
internal sealed partial class RevisionJson : JsonSerializerContext;
