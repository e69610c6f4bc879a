using System.Collections.Immutable;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Informers;

/// <summary>A second way to look objects up; always as old as the store it belongs to.</summary>
public sealed class StoreIndex<T>
    where T : class, IKubeObject<T>
{
    private readonly Store<T> _store;
    private readonly Func<T, IEnumerable<string>> _values;
    private readonly int _position;

    internal StoreIndex(Store<T> store, Func<T, IEnumerable<string>> values, int position) =>
        (_store, _values, _position) = (store, values, position);

    /// <summary>Objects that have this value, in the order of their keys.</summary>
    public IReadOnlyList<T> this[string value] =>
        [.. _store.Find(_position, value).OrderBy(static e => e.Key).Select(static e => e.Value)];

    internal ImmutableDictionary<string, ImmutableDictionary<ObjectKey, T>> Build(IEnumerable<T> items)
    {
        var groups = new Dictionary<string, ImmutableDictionary<ObjectKey, T>.Builder>();
        foreach (var item in items)
        {
            foreach (var value in _values(item))
            {
                if (!groups.TryGetValue(value, out var group))
                    groups[value] = group = ImmutableDictionary.CreateBuilder<ObjectKey, T>();
                group[item.Metadata.Key] = item;
            }
        }

        return groups.ToImmutableDictionary(static g => g.Key, static g => g.Value.ToImmutable());
    }

    internal ImmutableDictionary<string, ImmutableDictionary<ObjectKey, T>> Update(
        ImmutableDictionary<string, ImmutableDictionary<ObjectKey, T>> map, ObjectKey key, T? old, T? item)
    {
        foreach (var value in old is null ? [] : _values(old))
        {
            if (!map.TryGetValue(value, out var group))
                continue;
            var smaller = group.Remove(key);
            map = smaller.IsEmpty ? map.Remove(value) : map.SetItem(value, smaller);
        }

        foreach (var value in item is null ? [] : _values(item))
        {
            var group = map.GetValueOrDefault(value, ImmutableDictionary<ObjectKey, T>.Empty);
            map = map.SetItem(value, group.SetItem(key, item!));
        }

        return map;
    }
}
