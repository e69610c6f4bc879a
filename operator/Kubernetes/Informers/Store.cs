using System.Collections.Immutable;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Informers;

/// <summary>
/// What an informer knows of one kind. One writer (the informer) swaps whole snapshots; readers take no lock and never
/// see a half-applied list. Objects are immutable, so they are handed out as they are.
/// </summary>
public sealed class Store<T>
    where T : class, IKubeObject<T>
{
    private readonly Lock _writing = new();
    private volatile Snapshot _now = new(
        ImmutableDictionary<ObjectKey, T>.Empty, ImmutableDictionary<ObjectKey, BrokenObject>.Empty, []);

    public int Count => _now.Objects.Count;

    /// <summary>Every object, at one moment, in no order.</summary>
    public IEnumerable<T> All => _now.Objects.Values;

    /// <summary>The last state that could be read; see also <see cref="Broken"/>.</summary>
    public T? Get(ObjectKey key) => _now.Objects.GetValueOrDefault(key);

    /// <summary>Not null while the newest state of this object cannot be read.</summary>
    public BrokenObject? Broken(ObjectKey key) => _now.Broken.GetValueOrDefault(key);

    /// <summary>Makes objects findable by what <paramref name="values"/> yields for them.</summary>
    public StoreIndex<T> AddIndex(Func<T, IEnumerable<string>> values)
    {
        lock (_writing)
        {
            var now = _now;
            var index = new StoreIndex<T>(this, values, now.Indexes.Length);
            _now = now with { Indexes = now.Indexes.Add(index.Build(now.Objects.Values)) };
            _indexes = _indexes.Add(index);
            return index;
        }
    }

    /// <summary>By the value of a label; objects without it are left out.</summary>
    public StoreIndex<T> AddLabelIndex(string label) =>
        AddIndex(item => item.Metadata.Label(label) is { } value ? [value] : []);

    /// <summary>By the uid of each owner.</summary>
    public StoreIndex<T> AddOwnerIndex() =>
        AddIndex(static item => item.Metadata.OwnerReferences?.Select(static o => o.Uid) ?? []);

    /// <summary>Puts a list in place of everything and says what that changed.</summary>
    internal IReadOnlyList<Change<T>> Replace(IReadOnlyList<T> items, IReadOnlyList<BrokenObject> broken)
    {
        lock (_writing)
        {
            var old = _now;
            var objects = ImmutableDictionary.CreateBuilder<ObjectKey, T>();
            foreach (var item in items)
                objects[item.Metadata.Key] = Known(old, item) ?? item;
            var unreadable = ImmutableDictionary.CreateBuilder<ObjectKey, BrokenObject>();
            foreach (var error in broken)
            {
                unreadable[error.Key] = error;
                if (old.Objects.TryGetValue(error.Key, out var lastGood))
                    objects[error.Key] = lastGood;
            }

            var next = objects.ToImmutable();
            _now = new Snapshot(next, unreadable.ToImmutable(), [.. _indexes.Select(i => i.Build(next.Values))]);
            return Changes<T>.Between(old.Objects, old.Broken, next, _now.Broken);
        }
    }

    internal Change<T>? Put(T item)
    {
        var key = item.Metadata.Key;
        lock (_writing)
        {
            var before = _now;
            if (Known(before, item) is not null && !before.Broken.ContainsKey(key))
                return null;
            var old = before.Objects.GetValueOrDefault(key);
            Swap(key, old, item, before.Broken.Remove(key));
            return new Change<T>(key, old, item, null);
        }
    }

    internal Change<T> PutBroken(BrokenObject broken)
    {
        lock (_writing)
        {
            var lastGood = _now.Objects.GetValueOrDefault(broken.Key);
            _now = _now with { Broken = _now.Broken.SetItem(broken.Key, broken) };
            return new Change<T>(broken.Key, lastGood, lastGood, broken);
        }
    }

    /// <param name="key">What went.</param>
    /// <param name="last">The state it was deleted in, when that could be read.</param>
    internal Change<T>? Remove(ObjectKey key, T? last)
    {
        lock (_writing)
        {
            var before = _now;
            var old = before.Objects.GetValueOrDefault(key);
            if (old is null && !before.Broken.ContainsKey(key))
                return null;
            Swap(key, old, null, before.Broken.Remove(key));
            return new Change<T>(key, last ?? old, null, null);
        }
    }

    internal ImmutableDictionary<ObjectKey, T> Find(int index, string value) =>
        _now.Indexes[index].GetValueOrDefault(value, ImmutableDictionary<ObjectKey, T>.Empty);

    internal IReadOnlyList<Change<T>> AsAdditions()
    {
        var now = _now;
        var none = ImmutableDictionary<ObjectKey, T>.Empty;
        return Changes<T>.Between(none, ImmutableDictionary<ObjectKey, BrokenObject>.Empty, now.Objects, now.Broken);
    }

    private ImmutableArray<StoreIndex<T>> _indexes = [];

    // The same state read again is kept as the instance that subscribers were told.
    private static T? Known(Snapshot now, T item) =>
        now.Objects.GetValueOrDefault(item.Metadata.Key) is { } old
        && old.Metadata.ResourceVersion == item.Metadata.ResourceVersion
        && old.Metadata.Uid == item.Metadata.Uid
            ? old
            : null;

    private void Swap(ObjectKey key, T? old, T? item, ImmutableDictionary<ObjectKey, BrokenObject> broken)
    {
        var before = _now;
        var objects = item is null ? before.Objects.Remove(key) : before.Objects.SetItem(key, item);
        var indexes = before.Indexes.Select((map, i) => _indexes[i].Update(map, key, old, item));
        _now = new Snapshot(objects, broken, [.. indexes]);
    }

    private sealed record Snapshot(
        ImmutableDictionary<ObjectKey, T> Objects,
        ImmutableDictionary<ObjectKey, BrokenObject> Broken,
        ImmutableArray<ImmutableDictionary<string, ImmutableDictionary<ObjectKey, T>>> Indexes);
}
