using System.Collections.Immutable;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Informers;

/// <summary>
/// What happened to one object: <c>Old</c> is null when it is new to us, <c>New</c> when it is gone. When
/// <c>Broken</c> is set, its newest state cannot be read and <c>New</c> is the last one that could be, if any.
/// </summary>
public readonly record struct Change<T>(ObjectKey Key, T? Old, T? New, BrokenObject? Broken)
    where T : class, IKubeObject<T>;

internal static class Changes<T>
    where T : class, IKubeObject<T>
{
    /// <summary>Deletions come last: what replaces an object is known before the object goes.</summary>
    public static IReadOnlyList<Change<T>> Between(
        ImmutableDictionary<ObjectKey, T> old, ImmutableDictionary<ObjectKey, BrokenObject> oldBroken,
        ImmutableDictionary<ObjectKey, T> next, ImmutableDictionary<ObjectKey, BrokenObject> nextBroken)
    {
        var changes = new List<Change<T>>();
        foreach (var (key, item) in next)
        {
            var before = old.GetValueOrDefault(key);
            if (nextBroken.ContainsKey(key))
                continue;
            if (!ReferenceEquals(before, item) || oldBroken.ContainsKey(key))
                changes.Add(new Change<T>(key, before, item, null));
        }

        foreach (var (key, broken) in nextBroken)
        {
            if (oldBroken.GetValueOrDefault(key)?.ResourceVersion != broken.ResourceVersion || !oldBroken.ContainsKey(key))
                changes.Add(new Change<T>(key, old.GetValueOrDefault(key), next.GetValueOrDefault(key), broken));
        }

        foreach (var key in old.Keys.Union(oldBroken.Keys).Where(k => !next.ContainsKey(k) && !nextBroken.ContainsKey(k)))
            changes.Add(new Change<T>(key, old.GetValueOrDefault(key), null, null));
        return changes;
    }
}
