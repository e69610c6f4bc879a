using System.Text.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Garbage;

/// <summary>An object of any kind, as far as ownership goes.</summary>
internal sealed record GraphNode(ResourceKind Kind, ObjectMeta Metadata)
{
    internal const string Foreground = "foregroundDeletion";
    internal const string Orphan = "orphan";

    internal string Uid => Metadata.Uid!;

    internal IReadOnlyList<OwnerReference> Owners => Metadata.OwnerReferences ?? [];

    internal bool IsDeleting => Metadata.DeletionTimestamp is not null;

    internal bool Has(string finalizer) => Metadata.Finalizers?.Contains(finalizer, StringComparer.Ordinal) ?? false;

    /// <summary>Is being deleted, and waits until its dependents are gone.</summary>
    internal bool WaitsForDependents => IsDeleting && Has(Foreground);

    internal static GraphNode Read(ResourceKind kind, JsonElement item) =>
        new(kind, item.GetProperty("metadata").Deserialize(LocalJson.Default.ObjectMeta)!);
}

/// <summary>Who owns whom, over all kinds.</summary>
internal sealed class OwnerGraph
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, GraphNode> _nodes = [];
    private readonly Dictionary<string, HashSet<string>> _dependents = [];
    private readonly HashSet<string> _gone = [];

    internal GraphNode? Find(string uid)
    {
        lock (_lock)
            return _nodes.GetValueOrDefault(uid);
    }

    /// <summary>It was here and was deleted; an object that was never seen may only not have been seen yet.</summary>
    internal bool IsGone(string uid)
    {
        lock (_lock)
            return _gone.Contains(uid);
    }

    internal IReadOnlyList<GraphNode> Dependents(string uid)
    {
        lock (_lock)
            return _dependents.TryGetValue(uid, out var uids) ? [.. uids.Select(id => _nodes[id])] : [];
    }

    internal IReadOnlyList<string> Of(ResourceKind kind)
    {
        lock (_lock)
            return [.. _nodes.Values.Where(node => node.Kind == kind).Select(node => node.Uid)];
    }

    /// <summary>The uids that the change concerns.</summary>
    internal IReadOnlyList<string> Put(GraphNode node)
    {
        lock (_lock)
        {
            if (_nodes.GetValueOrDefault(node.Uid) is { } old)
                Unlink(old);
            _nodes[node.Uid] = node;
            foreach (var owner in node.Owners)
            {
                if (!_dependents.TryGetValue(owner.Uid, out var set))
                    _dependents[owner.Uid] = set = [];
                set.Add(node.Uid);
            }
            // An owner that waits for its dependents hears of each change in them.
            return [node.Uid, .. node.Owners.Select(owner => owner.Uid).Where(uid => _nodes.TryGetValue(uid, out var o) && o.IsDeleting)];
        }
    }

    /// <summary>The uids that the end of an object concerns: its dependents and its owners.</summary>
    internal IReadOnlyList<string> Remove(string uid)
    {
        lock (_lock)
        {
            if (!_nodes.Remove(uid, out var node))
                return [];
            Unlink(node);
            _gone.Add(uid);
            return [.. _dependents.GetValueOrDefault(uid, []), .. node.Owners.Select(owner => owner.Uid)];
        }
    }

    private void Unlink(GraphNode node)
    {
        foreach (var owner in node.Owners)
        {
            if (_dependents.TryGetValue(owner.Uid, out var set) && set.Remove(node.Uid) && set.Count == 0)
                _dependents.Remove(owner.Uid);
        }
    }
}
