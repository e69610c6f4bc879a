using Sluice.Monitoring.Profiles;
using Sluice.Onnx;

namespace Sluice.Runtime.Monitoring;

/// <summary>
/// Shards that threads borrow for the length of one recording: one atomic exchange, no lock, and nothing is lost. There
/// are more shards than processors, so a thread waits only when others were stopped while they held theirs.
/// </summary>
internal sealed class Shards
{
    /// <summary>References in a cache line, so that two threads do not fight for one.</summary>
    private const int Line = 8;

    private const int Most = 16;

    private readonly Shard?[] slots;
    private readonly int mask;

    /// <param name="inputs">What is recorded of the inputs.</param>
    /// <param name="outputs">What is recorded of the outputs.</param>
    /// <param name="wanted">Shards, at least, unless that is very many.</param>
    public Shards(WatchPlan inputs, WatchPlan outputs, int wanted)
    {
        var count = 1;
        while (count < Math.Min(wanted, Most))
            count *= 2;
        mask = count - 1;
        slots = new Shard?[count * Line];
        for (var i = 0; i < count; i++)
            slots[i * Line] = new Shard(inputs, outputs);
    }

    /// <summary>Rows after which a shard records no more; null records on.</summary>
    public long? RowLimit { get; init; }

    public void Record(RunFrame frame)
    {
        var (shard, slot) = Borrow();
        try
        {
            if (!(shard.Rows >= RowLimit))
                shard.Record(frame);
        }
        finally
        {
            Volatile.Write(ref slots[slot], shard);
        }
    }

    /// <summary>What all threads recorded since the last call.</summary>
    public Profile Take()
    {
        Profile? all = null;
        for (var i = 0; i <= mask; i++)
        {
            var taken = Wait(i * Line, static s => s.Take());
            all = all is null ? taken : all.Merge(taken);
        }
        return all!;
    }

    /// <summary>Rows recorded since <see cref="Take"/>.</summary>
    public long CountRows()
    {
        long rows = 0;
        for (var i = 0; i <= mask; i++)
            rows += Wait(i * Line, static s => s.Rows);
        return rows;
    }

    private (Shard Shard, int Slot) Borrow()
    {
        var wait = default(SpinWait);
        var first = Thread.GetCurrentProcessorId();
        for (var i = 0; ; i++)
        {
            var slot = ((first + i) & mask) * Line;
            if (Interlocked.Exchange(ref slots[slot], null) is { } shard)
                return (shard, slot);
            if (i >= mask)
                wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private T Wait<T>(int slot, Func<Shard, T> act)
    {
        var wait = default(SpinWait);
        Shard? shard;
        while ((shard = Interlocked.Exchange(ref slots[slot], null)) is null)
            wait.SpinOnce(sleep1Threshold: -1);
        try
        {
            return act(shard);
        }
        finally
        {
            Volatile.Write(ref slots[slot], shard);
        }
    }
}
