namespace Sluice.Kubernetes.Queue;

/// <summary>
/// Keys by the time they are due. An entry that was moved or removed stays in the heap until it surfaces; the map says
/// what is true.
/// </summary>
internal sealed class DelayedKeys<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, long> _due = [];
    private readonly PriorityQueue<TKey, long> _heap = new();
    private long? _announced;

    /// <summary>Keeps the earlier time when there is one already.</summary>
    public void Set(TKey key, long due)
    {
        if (_due.TryGetValue(key, out var known) && known <= due)
            return;
        _due[key] = due;
        _heap.Enqueue(key, due);
        if (_heap.Count > 64 + 2 * _due.Count)
            Compact();
    }

    public void Remove(TKey key) => _due.Remove(key);

    public void Clear()
    {
        _due.Clear();
        _heap.Clear();
    }

    public bool TryTakeDue(long now, out TKey key)
    {
        // Whatever asks has just been woken: the head has to be announced again even when it stays the same.
        _announced = null;
        DropStale();
        if (!_heap.TryPeek(out key!, out var due) || due > now)
            return false;
        _heap.Dequeue();
        _due.Remove(key);
        return true;
    }

    /// <summary>True when the earliest time is not the one that was told last; null when there is none.</summary>
    public bool HeadChanged(out long? due)
    {
        DropStale();
        due = _heap.TryPeek(out _, out var head) ? head : null;
        if (due == _announced)
            return false;
        _announced = due;
        return true;
    }

    private void DropStale()
    {
        while (_heap.TryPeek(out var key, out var due) && (!_due.TryGetValue(key, out var known) || known != due))
            _heap.Dequeue();
    }

    private void Compact()
    {
        _heap.Clear();
        _heap.EnqueueRange(_due.Select(static d => (d.Key, d.Value)));
    }
}
