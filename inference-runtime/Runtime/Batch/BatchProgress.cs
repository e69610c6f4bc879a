using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Contract;

namespace Sluice.Runtime.Batch;

/// <summary>
/// How far a run came: what it read and wrote up to a row. It is written when the files are safe on the disk, so a run
/// that was killed goes on from here, and what it had written beyond is cut off.
/// </summary>
internal sealed record BatchProgress
{
    /// <summary>What the run is: model, table and whatever else its output follows from. Another run does not go on here.</summary>
    public required string Run { get; init; }

    /// <summary>Rows that were read.</summary>
    public long Rows { get; init; }

    public long Scored { get; init; }

    public long Rejected { get; init; }

    public long OutputBytes { get; init; }

    public long RejectsBytes { get; init; }

    public ProfileDocument? Profile { get; init; }

    public IReadOnlyDictionary<string, long>? Violations { get; init; }

    /// <returns>Null when there is none, or none that can be read.</returns>
    public static BatchProgress? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), BatchJson.Default.BatchProgress) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>All or nothing, whenever the process or the machine ends.</summary>
    public void Write(string path)
    {
        var next = path + ".next";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, this, BatchJson.Default.BatchProgress);
            stream.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }
}

/// <summary>What a run came to, told on the standard output.</summary>
internal sealed record BatchSummary
{
    public required long Rows { get; init; }

    public required long Scored { get; init; }

    public required long Rejected { get; init; }

    /// <summary>Rows that an earlier run had done already.</summary>
    public long? ResumedAfter { get; init; }

    public required string Output { get; init; }

    public required string Rejects { get; init; }

    public required string Profile { get; init; }

    /// <summary>Values that were not as expected, by feature and rule; null when there were none.</summary>
    public IReadOnlyDictionary<string, long>? Violations { get; init; }

    /// <summary>All rows against the baseline; null without one.</summary>
    public DriftDocument? Drift { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BatchProgress))]
[JsonSerializable(typeof(BatchSummary))]
internal sealed partial class BatchJson : JsonSerializerContext;
