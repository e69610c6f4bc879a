using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;

namespace Sluice.Kubernetes.Controllers;

/// <summary>From changes to keys. The reconciler learns only the key.</summary>
public static class Triggers
{
    /// <summary>
    /// The object itself, when something changed that its controller acts on: spec (generation), labels, annotations,
    /// finalizers, deletion. Its own status writes pass unnoticed.
    /// </summary>
    public static void EnqueueSelf<T>(this Informer<T> informer, WorkQueue<ObjectKey> queue)
        where T : class, IKubeObject<T> =>
        informer.Subscribe(change =>
        {
            if (ConcernsSelf(change))
                queue.Add(change.Key);
        });

    /// <summary>The object itself, whatever changed, status included.</summary>
    public static void EnqueueSelfAlways<T>(this Informer<T> informer, WorkQueue<ObjectKey> queue)
        where T : class, IKubeObject<T> => informer.Subscribe(change => queue.Add(change.Key));

    /// <summary>The controlling owner of that kind, from the old and from the new state: a child may change hands.</summary>
    public static void EnqueueOwner<T>(this Informer<T> informer, ResourceKind owner, WorkQueue<ObjectKey> queue)
        where T : class, IKubeObject<T> =>
        informer.EnqueueMapped(queue, child => OwnerOf(child, owner) is { } key ? [key] : []);

    /// <summary>Whatever <paramref name="map"/> yields for the old and for the new state.</summary>
    public static void EnqueueMapped<T, TKey>(
        this Informer<T> informer, WorkQueue<TKey> queue, Func<T, IEnumerable<TKey>> map)
        where T : class, IKubeObject<T>
        where TKey : notnull =>
        informer.Subscribe(change =>
        {
            foreach (var key in Mapped(change, map))
                queue.Add(key);
        });

    internal static bool ConcernsSelf<T>(Change<T> change)
        where T : class, IKubeObject<T>
    {
        if (change is not { Old.Metadata: { } old, New.Metadata: { } now, Broken: null })
            return true;
        // Kinds without a generation (Services, ConfigMaps) do not tell what changed, so everything concerns them.
        return now.Generation is null
            || old.Uid != now.Uid
            || old.Generation != now.Generation
            || old.DeletionTimestamp != now.DeletionTimestamp
            || !Same(old.Labels, now.Labels)
            || !Same(old.Annotations, now.Annotations)
            || !(old.Finalizers ?? []).SequenceEqual(now.Finalizers ?? [], StringComparer.Ordinal);
    }

    internal static IEnumerable<TKey> Mapped<T, TKey>(Change<T> change, Func<T, IEnumerable<TKey>> map)
        where T : class, IKubeObject<T>
    {
        var old = change.Old is null ? [] : map(change.Old);
        var now = change.New is null || ReferenceEquals(change.New, change.Old) ? [] : map(change.New);
        return old.Concat(now).Distinct();
    }

    internal static ObjectKey? OwnerOf(IKubeObject child, ResourceKind owner) =>
        child.Metadata.Controller is { } reference && reference.RefersTo(owner)
            ? new ObjectKey(owner.Namespaced ? child.Metadata.Namespace ?? "" : "", reference.Name)
            : null;

    private static bool Same(IReadOnlyDictionary<string, string>? left, IReadOnlyDictionary<string, string>? right)
    {
        if ((left?.Count ?? 0) != (right?.Count ?? 0))
            return false;
        return left is null || right is null || left.All(l => right.TryGetValue(l.Key, out var value) && value == l.Value);
    }
}
