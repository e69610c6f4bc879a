using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Runtime.Storage;

/// <summary>How an artifact came here, kept beside it for <c>inspect</c> and for the metrics of <c>serve</c>; no part of its digest.</summary>
internal sealed record PullRecord
{
    public const string FileName = ".sluice-pulled.json";

    public required long Bytes { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Whether the node had it already.</summary>
    public bool Cached { get; init; }

    /// <summary>What the storage knew of how the artifact came to be.</summary>
    public IReadOnlyDictionary<string, string>? Lineage { get; init; }

    public void Write(string folder) =>
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, PullRecordJson.Default.PullRecord));

    /// <summary>Null when there is none, or none that can be read.</summary>
    public static PullRecord? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), PullRecordJson.Default.PullRecord) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PullRecord))]
internal sealed partial class PullRecordJson : JsonSerializerContext;
