using System.Text.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Desired;

/// <summary>A record as it lies in the API, or as it will.</summary>
/// <param name="Record">What it says.</param>
/// <param name="Data">How it says it; kept as it is, because the API does not let it change.</param>
/// <param name="Number">Counts the revisions of a service, in the order in which they were made.</param>
internal sealed record KnownRecord(RevisionRecord Record, JsonElement Data, long Number)
{
    public static KnownRecord New(RevisionRecord record, long number) =>
        new(record, JsonSerializer.SerializeToElement(record, RevisionJson.Default.RevisionRecord), number);

    /// <summary>Null when the object does not hold a record: somebody else wrote it.</summary>
    public static KnownRecord? Read(ControllerRevision revision)
    {
        try
        {
            return revision.Data is { } data && data.Deserialize(RevisionJson.Default.RevisionRecord) is { } record
                && record.Name == revision.Metadata.Name ? new KnownRecord(record, data, revision.Revision) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
