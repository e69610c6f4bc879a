using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace Sluice.Runtime.Models;

/// <summary>How far a version of a model is; the words are those of the model repository extension.</summary>
internal enum ModelState
{
    Loading,
    Ready,
    Unavailable,
}

/// <param name="Served">Null unless ready.</param>
/// <param name="Reason">Why it is not ready.</param>
internal sealed record ModelEntry(ModelLocation Location, ModelState State, ServedModel? Served, string? Reason)
{
    public string Version => Location.Version;
}

/// <summary>The versions of one model.</summary>
internal sealed class ModelVersions
{
    public ModelVersions(string name, IEnumerable<ModelEntry> entries)
    {
        Name = name;
        All = [.. entries.OrderBy(e => Number(e.Version)).ThenBy(e => e.Version, StringComparer.Ordinal)];
        Default = All.LastOrDefault(e => e.State == ModelState.Ready);
    }

    public string Name { get; }

    /// <summary>The oldest first.</summary>
    public ImmutableArray<ModelEntry> All { get; }

    /// <summary>Answers when a request names no version: the newest that is ready.</summary>
    public ModelEntry? Default { get; }

    public ModelEntry? Find(string version) => All.FirstOrDefault(e => e.Version == version);

    private static long Number(string version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

/// <summary>The models of this process: an immutable table that is swapped, so that readers take no lock.</summary>
internal sealed class ModelCatalog
{
    private readonly Lock writing = new();
    private FrozenDictionary<string, ModelVersions> models = FrozenDictionary<string, ModelVersions>.Empty;

    public IEnumerable<ModelVersions> All => Volatile.Read(ref models).Values.OrderBy(m => m.Name, StringComparer.Ordinal);

    /// <summary>At least one model is ready, and none is still being loaded for the first time.</summary>
    public bool AllReady
    {
        get
        {
            var all = Volatile.Read(ref models);
            return all.Values.Any(m => m.Default is not null)
                && !all.Values.Any(m => m.Default is null && m.All.Any(e => e.State == ModelState.Loading));
        }
    }

    public ModelVersions? Find(string name) => Volatile.Read(ref models).GetValueOrDefault(name);

    /// <summary>Adds the entry or replaces the one of the same name and version.</summary>
    /// <returns>The model that was served before and is no longer.</returns>
    public ServedModel? Put(ModelEntry entry)
    {
        lock (writing)
        {
            var name = entry.Location.Name;
            var before = Find(name)?.All ?? [];
            var replaced = before.FirstOrDefault(e => e.Version == entry.Version)?.Served;
            var versions = new ModelVersions(name, before.Where(e => e.Version != entry.Version).Append(entry));
            Swap(new Dictionary<string, ModelVersions>(models) { [name] = versions });
            return ReferenceEquals(replaced, entry.Served) ? null : replaced;
        }
    }

    /// <summary>Takes one version out; the last one takes the model with it.</summary>
    /// <returns>What was served and is no longer.</returns>
    public ServedModel? Remove(ModelEntry entry)
    {
        lock (writing)
        {
            var next = new Dictionary<string, ModelVersions>(models);
            var left = Find(entry.Location.Name)?.All.Where(e => e.Version != entry.Version).ToList() ?? [];
            if (left.Count == 0)
                next.Remove(entry.Location.Name);
            else
                next[entry.Location.Name] = new ModelVersions(entry.Location.Name, left);
            Swap(next);
            return entry.Served;
        }
    }

    private void Swap(Dictionary<string, ModelVersions> next) => Volatile.Write(ref models, next.ToFrozenDictionary());
}
