using Sluice.Monitoring.Profiles;
using Sluice.Onnx;

namespace Sluice.Runtime.Monitoring;

/// <summary>What all threads record of one model.</summary>
/// <param name="inputs">What is recorded of the inputs.</param>
/// <param name="outputs">What is recorded of the outputs.</param>
/// <param name="wanted">Shards, at least, unless that is very many.</param>
internal sealed class Shards(WatchPlan inputs, WatchPlan outputs, int wanted)
{
    private readonly Sharded<Shard> shards = new(wanted, _ => new Shard(inputs, outputs));

    /// <summary>Rows after which a shard records no more; null records on.</summary>
    public long? RowLimit { get; init; }

    public void Record(RunFrame frame)
    {
        var shard = shards.Borrow(out var place);
        try
        {
            if (!(shard.Rows >= RowLimit))
                shard.Record(frame);
        }
        finally
        {
            shards.Return(shard, place);
        }
    }

    /// <summary>What was recorded since the last call.</summary>
    public Profile Take()
    {
        Profile? all = null;
        shards.ForEach(shard =>
        {
            var taken = shard.Take();
            all = all?.Merge(taken) ?? taken;
        });
        return all!;
    }

    /// <summary>Rows recorded since <see cref="Take"/>.</summary>
    public long CountRows()
    {
        long rows = 0;
        shards.ForEach(shard => rows += shard.Rows);
        return rows;
    }
}
