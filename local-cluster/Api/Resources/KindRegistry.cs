using System.Collections.Immutable;
using Sluice.LocalCluster.Api.Storage;

namespace Sluice.LocalCluster.Api.Resources;

/// <summary>All kinds that are served now; custom kinds come and go.</summary>
internal sealed class KindRegistry
{
    ImmutableDictionary<(string Group, string Plural), IKind> kinds;
    long revision;

    public KindRegistry(ObjectStore store) =>
        kinds = BuiltInKinds.All(store).ToImmutableDictionary(kind => (kind.Info.Group, kind.Info.Plural));

    /// <summary>Counts up whenever a kind comes, goes or changes.</summary>
    public long Revision => Interlocked.Read(ref revision);

    public IReadOnlyList<IKind> All =>
        [.. kinds.Values.OrderBy(kind => kind.Info.Group, StringComparer.Ordinal).ThenBy(kind => kind.Info.Plural, StringComparer.Ordinal)];

    public IKind? Find(string group, string plural) => kinds.GetValueOrDefault((group, plural));

    /// <summary>The kind, when it is served in that version.</summary>
    public IKind? Find(string group, string version, string plural) =>
        Find(group, plural) is { } kind && kind.Versions.Any(served => served.Name == version) ? kind : null;

    public void Set(IKind kind)
    {
        ImmutableInterlocked.AddOrUpdate(ref kinds, (kind.Info.Group, kind.Info.Plural), kind, (_, _) => kind);
        Interlocked.Increment(ref revision);
    }

    public void Remove(string group, string plural)
    {
        ImmutableInterlocked.TryRemove(ref kinds, (group, plural), out _);
        Interlocked.Increment(ref revision);
    }
}
