using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Operator.Api;

namespace Sluice.Operator.Monitoring;

/// <summary>What is handed over to whoever is to act: data of the CloudEvent, and a variable of the Job.</summary>
internal sealed record ReactionEvidence
{
    public required string Namespace { get; init; }

    public required string InferenceService { get; init; }

    public required string Revision { get; init; }

    /// <summary>The ModelVersion, or the revision's name for an inline model.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>Of its model.</summary>
    public string? Digest { get; init; }

    public required DateTimeOffset Time { get; init; }

    public DateTimeOffset? WindowStart { get; init; }

    public DateTimeOffset? WindowEnd { get; init; }

    /// <summary>Compared with the baseline, or labelled.</summary>
    public required long Rows { get; init; }

    public long? BaselineRows { get; init; }

    /// <summary>What moved and by how much, how it was and how it is; the farthest first.</summary>
    public required IReadOnlyList<MovedFeature> Moved { get; init; }

    /// <summary>The figures of quality, where labels gave some.</summary>
    public IReadOnlyList<QualityFigureStatus>? Quality { get; init; }

    /// <summary>As it was written to status, so that it is the same however often it is sent.</summary>
    public static ReactionEvidence? Of(ReactionStatus reaction) => reaction.Evidence?.Deserialize(ReactionEvidenceJson.Default.ReactionEvidence);

    public JsonElement ToElement() => JsonSerializer.SerializeToElement(this, ReactionEvidenceJson.Default.ReactionEvidence);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReactionEvidence))]
internal sealed partial class ReactionEvidenceJson : JsonSerializerContext;
