using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;

namespace Sluice.LocalCluster.Api.Storage;

/// <summary>What came of a write.</summary>
internal enum WriteResult { Done, Exists, Missing, Changed }

/// <summary>
/// Objects in memory under one growing version, like etcd under an API server: a write names the version that it saw and
/// is refused when the object has moved on.
/// </summary>
internal sealed class ObjectStore
{
    readonly Lock gate = new();
    readonly Dictionary<string, Collection> collections = new(StringComparer.Ordinal);
    long version = 1;

    /// <summary>The version of the last write to anything; that write is then in its collection's history too.</summary>
    public long Version
    {
        get
        {
            lock (gate)
                return version;
        }
    }

    /// <param name="resource">Name and group, as in <c>deployments.apps</c>.</param>
    public Collection For(string resource)
    {
        lock (gate)
        {
            if (!collections.TryGetValue(resource, out var collection))
                collections[resource] = collection = new Collection(start: 0);
            return collection;
        }
    }

    /// <summary>Forgets a resource whose definition is gone.</summary>
    public void Drop(string resource)
    {
        lock (gate)
        {
            if (collections.Remove(resource, out var collection))
                collection.History.Close();
        }
    }

    public Snapshot Read(Collection collection)
    {
        lock (gate)
            return new Snapshot(collection.Objects, version);
    }

    /// <summary>Stores a new object. The store owns the value afterwards and sets its version.</summary>
    public WriteResult Create(Collection collection, JsonObject value, out StoredObject stored)
    {
        lock (gate)
        {
            var key = StoredObject.KeyOf(value.Text("metadata", "namespace") ?? "", value.Text("metadata", "name") ?? "");
            if (collection.Objects.TryGetValue(key, out stored!))
                return WriteResult.Exists;
            stored = Stamped(value);
            collection.Objects = collection.Objects.Add(key, stored);
            collection.History.Append(new Change(ChangeKind.Added, stored, null));
            return WriteResult.Done;
        }
    }

    /// <summary>Stores the next version of an object, when it is still as it was seen.</summary>
    public WriteResult Replace(Collection collection, StoredObject seen, JsonObject value, out StoredObject stored)
    {
        lock (gate)
        {
            if (!collection.Objects.TryGetValue(seen.Key, out stored!))
                return WriteResult.Missing;
            if (stored.Version != seen.Version)
                return WriteResult.Changed;
            stored = Stamped(value);
            collection.Objects = collection.Objects.SetItem(seen.Key, stored);
            collection.History.Append(new Change(ChangeKind.Modified, stored, seen));
            return WriteResult.Done;
        }
    }

    /// <summary>Removes an object, when it is still as it was seen.</summary>
    /// <param name="collection">Where it is.</param>
    /// <param name="seen">As it was read.</param>
    /// <param name="last">What watchers and the caller are shown of it.</param>
    /// <param name="stored">The removed object with the version of the removal.</param>
    public WriteResult Delete(Collection collection, StoredObject seen, JsonObject last, out StoredObject stored)
    {
        lock (gate)
        {
            if (!collection.Objects.TryGetValue(seen.Key, out stored!))
                return WriteResult.Missing;
            if (stored.Version != seen.Version)
                return WriteResult.Changed;
            stored = Stamped(last);
            collection.Objects = collection.Objects.Remove(seen.Key);
            collection.History.Append(new Change(ChangeKind.Deleted, stored, seen));
            return WriteResult.Done;
        }
    }

    StoredObject Stamped(JsonObject value)
    {
        var next = ++version;
        value.Ensure("metadata")["resourceVersion"] = next.ToString(CultureInfo.InvariantCulture);
        return new StoredObject(value, next);
    }
}
