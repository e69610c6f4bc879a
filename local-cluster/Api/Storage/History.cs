namespace Sluice.LocalCluster.Api.Storage;

/// <summary>The last changes of one collection, for watchers to read at their own pace. Bounded: who falls behind is told.</summary>
internal sealed class History(int capacity, long start)
{
    readonly Lock gate = new();
    readonly Change?[] ring = new Change?[capacity];
    long appended;
    long lostVersion = start;
    TaskCompletionSource pulse = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True when the collection is gone for good, so that watches of it end.</summary>
    public bool Closed { get; private set; }

    /// <summary>The version up to which changes are forgotten.</summary>
    public long Oldest
    {
        get
        {
            lock (gate)
                return lostVersion;
        }
    }

    public void Append(Change change)
    {
        TaskCompletionSource woken;
        lock (gate)
        {
            ref var slot = ref ring[appended % capacity];
            if (slot is not null)
                lostVersion = slot.Version;
            slot = change;
            appended++;
            (woken, pulse) = (pulse, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        woken.SetResult();
    }

    public void Close()
    {
        lock (gate)
        {
            Closed = true;
            pulse.TrySetResult();
        }
    }

    /// <summary>Reads what happened after a version, at most <paramref name="max"/> changes.</summary>
    /// <param name="after">The last version that the reader knows.</param>
    /// <param name="into">Receives the changes in order.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="changed">Completes when there is more; to be awaited when nothing was read.</param>
    /// <returns>False when changes after that version are already forgotten.</returns>
    public bool Read(long after, List<Change> into, int max, out Task changed)
    {
        lock (gate)
        {
            changed = pulse.Task;
            if (after < lostVersion)
                return false;
            for (var at = FirstAfter(after); at < appended && into.Count < max; at++)
                into.Add(ring[at % capacity]!);
            return true;
        }
    }

    long FirstAfter(long version)
    {
        var (low, high) = (Math.Max(0, appended - capacity), appended);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ring[middle % capacity]!.Version > version)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
