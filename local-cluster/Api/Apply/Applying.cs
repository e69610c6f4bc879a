using System.Text.Json.Nodes;
using Sluice.LocalCluster.Schema;
using Owners = System.Collections.Immutable.ImmutableDictionary<
    Sluice.LocalCluster.Api.Apply.Manager, Sluice.LocalCluster.Api.Apply.Ownership>;

namespace Sluice.LocalCluster.Api.Apply;

/// <summary>
/// The rules of server-side apply: merge what is applied into what is live, remove what its manager applied before and
/// nobody else owns, and keep the books of who owns what. Follows the structured-merge-diff of Kubernetes.
/// </summary>
internal sealed class Applying(SchemaNode schema, FieldSet ignored)
{
    /// <param name="live">The object as stored.</param>
    /// <param name="applied">What the manager wants, and nothing else.</param>
    /// <returns>The merged object, or null when nothing changes; and the new books.</returns>
    /// <exception cref="ApplyConflictException">Not forced, and fields of others would change.</exception>
    public (JsonObject? Merged, Owners Owners) Apply(
        JsonObject live, JsonObject applied, string version, Owners owners, Manager manager, bool force)
    {
        var merged = Merging.Merge(live, applied, schema);
        var last = owners.GetValueOrDefault(manager);
        var set = FieldSets.Of(applied, schema).Excluding(ignored);
        owners = owners.SetItem(manager, new Ownership(set, version, last?.Time));
        if (last is { Fields.IsEmpty: false })
            merged = Prune(merged, owners, last.Fields);
        (owners, _) = Disown(live, merged, owners, manager, force);
        return (JsonNode.DeepEquals(live, merged) ? null : merged, owners);
    }

    /// <summary>Notes that the manager set, by any other write, whatever differs between two versions.</summary>
    public Owners Update(JsonObject live, JsonObject updated, string version, Owners owners, Manager manager)
    {
        (owners, var compared) = Disown(live, updated, owners, manager, force: true);
        var own = owners.GetValueOrDefault(manager)?.Fields ?? FieldSet.Empty;
        var set = own.Difference(compared.Removed).Union(compared.Modified).Union(compared.Added).Excluding(ignored);
        return set.IsEmpty ? owners.Remove(manager) : owners.SetItem(manager, new Ownership(set, version, owners.GetValueOrDefault(manager)?.Time));
    }

    /// <summary>Takes changed and removed fields away from everybody but the manager.</summary>
    (Owners Owners, Comparison Compared) Disown(JsonObject live, JsonObject updated, Owners owners, Manager manager, bool force)
    {
        var compared = FieldSets.Compare(live, updated, schema);
        var changed = compared.Modified.Union(compared.Added).Excluding(ignored);
        var removed = compared.Removed.Excluding(ignored);
        var others = owners.Where(owner => owner.Key != manager).ToList();
        var conflicts = others
            .Select(owner => new Conflict(owner.Key, owner.Value.Fields.Intersection(changed)))
            .Where(conflict => !conflict.Fields.IsEmpty)
            .ToList();
        if (!force && conflicts.Count > 0)
            throw new ApplyConflictException(conflicts);
        foreach (var (owner, owned) in others)
            owners = owners.SetItem(owner, owned with { Fields = owned.Fields.Difference(owned.Fields.Intersection(changed)).Difference(removed) });
        return (owners.RemoveRange(owners.Where(owner => owner.Value.Fields.IsEmpty).Select(owner => owner.Key)), compared);
    }

    /// <summary>Removes what the manager applied last time, unless somebody, itself included, owns it now.</summary>
    JsonObject Prune(JsonObject merged, Owners owners, FieldSet last)
    {
        var lastNamed = last.WithNamedMembers(schema);
        var mergedSet = FieldSets.Of(merged, schema).WithNamedMembers(schema);

        var pruned = Removing.Remove(merged, lastNamed, schema);
        var owned = owners.Values.Aggregate(FieldSet.Empty, (all, owner) => all.Union(owner.Fields)).WithNamedMembers(schema);
        pruned = Removing.Remove(merged, mergedSet.Difference(Named(pruned).Union(owned)), schema);

        // What hangs below a removed path without having been applied comes back.
        return Removing.Remove(merged, mergedSet.Difference(Named(pruned)).Intersection(lastNamed), schema);
    }

    FieldSet Named(JsonObject obj) => FieldSets.Of(obj, schema).WithNamedMembers(schema);
}
