using System.Collections.Immutable;

namespace Sluice.LocalCluster.Api.Storage;

/// <summary>All objects of one resource. Readers take the whole state at once; only the store writes.</summary>
internal sealed class Collection(long start)
{
    const int HistoryLength = 8192;

    public ImmutableSortedDictionary<string, StoredObject> Objects { get; internal set; } =
        ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    public History History { get; } = new(HistoryLength, start);

    public StoredObject? Find(string key) => Objects.GetValueOrDefault(key);
}

/// <summary>A collection as it was at one version.</summary>
internal sealed record Snapshot(ImmutableSortedDictionary<string, StoredObject> Objects, long Version);
