using System.Text;
using System.Text.Json;
using Sluice.Monitoring.Profiles;
using Sluice.Runtime.Http;
using Sluice.Runtime.Models;
using Sluice.Runtime.Monitoring;
using Sluice.Runtime.Protocols.V1;

namespace Sluice.Runtime.Profiling;

/// <summary>Sends rows through a model and learns how its features and predictions are distributed.</summary>
internal sealed class Profiler
{
    private readonly ServedModel model;
    private readonly DataFile data;
    private readonly Shard shard;
    private readonly RowBatch batch;

    public Profiler(ServedModel model, DataFile data)
    {
        (this.model, this.data) = (model, data);
        WatchPlan asked = WatchPlan.ToLearn(model.Signature.Inputs, areOutputs: false), answered = WatchPlan.ToLearn(model.Signature.Outputs, areOutputs: true);
        shard = new Shard(asked, answered);
        Unwatched = [.. asked.Unwatched, .. answered.Unwatched];
        batch = RowBatch.Of(model.Signature);
    }

    /// <summary>Inputs and outputs that have no distribution, and why.</summary>
    public IReadOnlyList<string> Unwatched { get; }

    /// <param name="most">Of more rows a sample is taken, each as likely as any other, and the same each time.</param>
    /// <exception cref="FailureException">The rows do not fit the model, or there are none.</exception>
    public Profile Run(int most)
    {
        var rows = Sample(data.Rows(model.Signature), most);
        if (rows.Count < (batch.IsFixed ? batch.Rows : 1))
            throw data.Wrong(rows.Count == 0 ? "it has no rows" : $"it has {rows.Count} rows, and the model takes {batch.Rows} at a time");
        foreach (var some in rows.Chunk(batch.Rows).Where(c => !batch.IsFixed || c.Length == batch.Rows))
            Send(some);
        return shard.Take();
    }

    /// <summary>Vitter's reservoir.</summary>
    private List<DataRow> Sample(IEnumerable<DataRow> rows, int most)
    {
        var random = new Random(1);
        var kept = new List<DataRow>();
        long seen = 0;
        foreach (var row in rows)
        {
            if (row.Problem is { } problem)
                throw data.Wrong($"line {row.Line}: {problem}");
            seen++;
            if (kept.Count < most)
                kept.Add(row);
            else if (random.NextInt64(seen) is var place && place < most)
                kept[(int)place] = row;
        }
        return kept;
    }

    private void Send(DataRow[] rows)
    {
        try
        {
            Call(rows);
        }
        catch (Exception e) when (e is RequestException or JsonException)
        {
            if (rows.Length == 1 || batch.IsFixed)
                throw data.Wrong($"line {rows[0].Line}{(rows.Length == 1 ? "" : " and following")}: {e.Message.TrimEnd('.')}");
            foreach (var row in rows)
                Send([row]);
            throw data.Wrong($"the rows from line {rows[0].Line} cannot be sent together: {e.Message.TrimEnd('.')}");
        }
    }

    private void Call(DataRow[] rows)
    {
        var call = model.Rent();
        try
        {
            PredictRequest.Read(Encoding.UTF8.GetBytes($$"""{"instances":[{{string.Join(',', rows.Select(static r => r.Instance))}}]}"""), call);
            DirectRun.Run(call);
            shard.Record(call.Frame);
        }
        finally
        {
            model.Return(call);
        }
    }
}
