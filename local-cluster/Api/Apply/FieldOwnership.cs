using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Schema;
using Owners = System.Collections.Immutable.ImmutableDictionary<
    Sluice.LocalCluster.Api.Apply.Manager, Sluice.LocalCluster.Api.Apply.Ownership>;

namespace Sluice.LocalCluster.Api.Apply;

/// <summary>Who writes, through what.</summary>
/// <param name="Manager">The field manager of the request.</param>
/// <param name="ApiVersion">The version in which it writes.</param>
/// <param name="Subresource">Empty for the object itself.</param>
/// <param name="Now">The time of the write.</param>
internal sealed record Writer(string Manager, string ApiVersion, string Subresource, DateTimeOffset Now);

/// <summary>Keeps <c>metadata.managedFields</c> through every kind of write.</summary>
/// <param name="schema">Of the kind, with metadata.</param>
/// <param name="blank">The object before it exists: what Kubernetes prints of a kind with nothing set.</param>
/// <param name="ignored">Fields that a write through this door cannot set: the status, or all but the status.</param>
internal sealed class FieldOwnership(SchemaNode schema, JsonObject blank, FieldSet ignored)
{
    const int MaxUpdaters = 10;

    const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    static readonly FieldSet NeverOwned = FieldSet.Of(
        ["apiVersion"], ["kind"], ["metadata"], ["metadata", "name"], ["metadata", "namespace"], ["metadata", "creationTimestamp"],
        ["metadata", "selfLink"], ["metadata", "uid"], ["metadata", "clusterName"], ["metadata", "generation"],
        ["metadata", "managedFields"], ["metadata", "resourceVersion"]);

    readonly Applying applying = new(schema, ignored);

    /// <summary>Puts the managed fields of a create, update or patch into the new object.</summary>
    /// <param name="live">The stored object; null when the object is created.</param>
    public void Update(JsonObject? live, JsonObject updated, Writer writer)
    {
        Owners owners;
        try
        {
            owners = OwnersFor(live, updated, writer).Owners;
            updated.Object("metadata")?.Remove("managedFields");
            if (owners.IsEmpty && live is not null)
                return;
            owners = Track(WithoutManagedFields(live ?? blank), updated, owners, writer);
        }
        catch (Exception error) when (error is FieldPathException or FormatException or JsonException)
        {
            // An object that cannot be tracked is stored without owners rather than not at all.
            updated.Object("metadata")?.Remove("managedFields");
            return;
        }

        new ManagedFields(owners).WriteTo(updated);
    }

    /// <summary>Server-side apply.</summary>
    /// <param name="live">The stored object; null when the apply creates it.</param>
    /// <returns>The new object with its managed fields; still to be defaulted and validated.</returns>
    /// <exception cref="ApplyConflictException">Not forced, and others own what would change.</exception>
    /// <exception cref="FieldPathException">The applied object repeats or lacks keys of a list.</exception>
    public JsonObject Apply(JsonObject? live, JsonObject applied, Writer writer, bool force)
    {
        var manager = Manager.Of(writer.Manager, applies: true, writer.ApiVersion, writer.Subresource);
        var owners = live is null ? Owners.Empty : ManagedFields.Of(live).Owners;
        var bare = WithoutManagedFields(live ?? blank);
        if (owners.IsEmpty && live is not null)
            owners = Track(blank, bare, owners, writer with { Manager = "before-first-apply" });
        var (merged, updated) = Forced(bare, applied, writer, owners, manager, force);
        updated = Strip(updated, manager);
        if (merged is not null && updated.TryGetValue(manager, out var own))
            updated = updated.SetItem(manager, own with { Time = Scalars.Instant(writer.Now) });
        var result = merged ?? bare.Copy();
        if (writer.Manager == "kubectl" && result.Text("metadata", "annotations", LastApplied) is { Length: > 0 })
            result.Object("metadata", "annotations")![LastApplied] = LastAppliedOf(applied);
        new ManagedFields(updated).WriteTo(result);
        return result;
    }

    /// <summary>
    /// kubectl that moves from client-side to server-side apply meets its own former self as another manager; what the
    /// last-applied annotation says it had set is no conflict.
    /// </summary>
    (JsonObject? Merged, Owners Owners) Forced(
        JsonObject live, JsonObject applied, Writer writer, Owners owners, Manager manager, bool force)
    {
        try
        {
            return applying.Apply(live, applied, writer.ApiVersion, owners, manager, force);
        }
        catch (ApplyConflictException conflict) when (writer.Manager == "kubectl" && AllowedByLastApplied(live, writer) is { } allowed)
        {
            var left = conflict.Conflicts
                .Select(one => one with { Fields = one.Fields.Difference(allowed) })
                .Where(one => !one.Fields.IsEmpty)
                .ToList();
            return left.Count > 0
                ? throw new ApplyConflictException(left)
                : applying.Apply(live, applied, writer.ApiVersion, owners, manager, force: true);
        }
    }

    FieldSet? AllowedByLastApplied(JsonObject live, Writer writer)
    {
        try
        {
            if (live.Text("metadata", "annotations", LastApplied) is not { Length: > 0 } text
                || JsonText.Parse(text) is not JsonObject last || last.Text("apiVersion") != writer.ApiVersion)
                return null;
            var compared = FieldSets.Compare(last, live, schema);
            return FieldSets.Of(last, schema).Difference(compared.Modified).Difference(compared.Added).Difference(compared.Removed);
        }
        catch (Exception error) when (error is JsonException or FieldPathException)
        {
            return null;
        }
    }

    static ManagedFields OwnersFor(JsonObject? live, JsonObject updated, Writer writer)
    {
        if (writer.Subresource.Length > 0)
            return OrNone(live);
        if (ManagedFields.IsReset(updated))
            return ManagedFields.None;
        var sent = OrNone(updated);
        return sent.Owners.IsEmpty ? OrNone(live) : sent;
    }

    static ManagedFields OrNone(JsonObject? obj)
    {
        try
        {
            return obj is null ? ManagedFields.None : ManagedFields.Of(obj);
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return ManagedFields.None;
        }
    }

    Owners Track(JsonObject live, JsonObject updated, Owners owners, Writer writer)
    {
        // The write goes under a name that nobody has, so that it is known whether it took anything from anybody.
        var manager = Manager.Of(writer.Manager, applies: false, writer.ApiVersion, writer.Subresource);
        var self = new Manager("", Applies: false, "", "");
        var tracked = Strip(applying.Update(live, updated, writer.ApiVersion, owners, self), self);
        if (!tracked.TryGetValue(self, out var taken))
            return tracked;
        var fields = tracked.TryGetValue(manager, out var before) ? taken.Fields.Union(before.Fields) : taken.Fields;
        return Capped(tracked.Remove(self).SetItem(manager, new Ownership(fields, writer.ApiVersion, Scalars.Instant(writer.Now))));
    }

    static Owners Strip(Owners owners, Manager manager)
    {
        if (!owners.TryGetValue(manager, out var owned))
            return owners;
        var fields = owned.Fields.Difference(NeverOwned);
        return fields.IsEmpty ? owners.Remove(manager) : owners.SetItem(manager, owned with { Fields = fields });
    }

    /// <summary>The oldest updaters beyond the limit share one entry, so that the list stays short.</summary>
    static Owners Capped(Owners owners)
    {
        var updaters = owners.Where(owner => !owner.Key.Applies)
            .OrderBy(owner => owner.Value.Time ?? "", StringComparer.Ordinal).ThenBy(owner => owner.Key.Name, StringComparer.Ordinal)
            .ToList();
        if (updaters.Count <= MaxUpdaters)
            return owners;
        foreach (var group in updaters.Take(updaters.Count - MaxUpdaters + 1).GroupBy(owner => owner.Value.ApiVersion))
        {
            var bucket = new Manager("ancient-changes", Applies: false, group.Key, "");
            var fields = group.Aggregate(FieldSet.Empty, (all, owner) => all.Union(owner.Value.Fields));
            owners = owners.RemoveRange(group.Select(owner => owner.Key))
                .SetItem(bucket, new Ownership(fields, group.Key, group.Last().Value.Time));
        }

        return owners;
    }

    static JsonObject WithoutManagedFields(JsonObject obj)
    {
        if (obj.At("metadata", "managedFields") is null)
            return obj;
        var copy = new JsonObject();
        foreach (var (name, value) in obj)
            copy[name] = value?.DeepClone();
        copy.Object("metadata")!.Remove("managedFields");
        return copy;
    }

    static string LastAppliedOf(JsonObject applied)
    {
        var copy = applied.Copy();
        copy.Object("metadata", "annotations")?.Remove(LastApplied);
        return JsonText.Show(copy) + "\n";
    }
}
