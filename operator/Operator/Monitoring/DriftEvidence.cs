using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Operator.Api;

namespace Sluice.Operator.Monitoring;

/// <summary>What is handed over to whoever is to act on drift: data of the CloudEvent, and a variable of the Job.</summary>
internal sealed record DriftEvidence
{
    public required string Namespace { get; init; }

    public required string InferenceService { get; init; }

    public required string Revision { get; init; }

    /// <summary>The ModelVersion, or the revision's name for an inline model.</summary>
    public string? ModelVersion { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required DateTimeOffset WindowStart { get; init; }

    public required DateTimeOffset WindowEnd { get; init; }

    public required long Rows { get; init; }

    /// <summary>What moved and by how much, the farthest first.</summary>
    public required IReadOnlyList<DriftScoreStatus> Moved { get; init; }

    public static DriftEvidence Of(InferenceService service, ReactionStatus reaction) => new()
    {
        Namespace = service.Metadata.Namespace ?? "",
        InferenceService = service.Metadata.Name!,
        Revision = reaction.Revision,
        ModelVersion = reaction.Version,
        Time = reaction.Time,
        WindowStart = reaction.WindowStart,
        WindowEnd = reaction.WindowEnd,
        Rows = reaction.Rows,
        Moved = reaction.Moved,
    };

    public string ToJson() => JsonSerializer.Serialize(this, DriftEvidenceJson.Default.DriftEvidence);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DriftEvidence))]
internal sealed partial class DriftEvidenceJson : JsonSerializerContext;
