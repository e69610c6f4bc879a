using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Http;
using Sluice.Runtime.Models;
using Sluice.Runtime.Profiling;
using Sluice.Runtime.Protocols.V1;

namespace Sluice.Runtime.Batch;

/// <summary>
/// Sends rows through a model, many at a time where it can. Rows that the model refuses are found by halves, so that one
/// bad row costs its neighbours nothing but time.
/// </summary>
internal sealed class BatchScorer(ServedModel model, BatchStatistics statistics, BatchOutput output)
{
    private readonly RowBatch batch = RowBatch.Of(model.Signature);

    /// <summary>The model mixes its rows, so that each is sent alone.</summary>
    private bool alone;

    public void Score(ReadOnlySpan<DataRow> rows)
    {
        var sent = new List<DataRow>(rows.Length);
        foreach (var row in rows)
        {
            if (row.Problem is { } problem)
                output.Reject(row, problem);
            else
                sent.Add(row);
        }
        Send(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sent));
        output.EndChunk();
    }

    private void Send(ReadOnlySpan<DataRow> rows)
    {
        if (rows.IsEmpty || ((!alone || rows.Length == 1) && TrySend(rows)))
            return;
        Send(rows[..(rows.Length / 2)]);
        Send(rows[(rows.Length / 2)..]);
    }

    /// <returns>False when they have to be sent apart.</returns>
    private bool TrySend(ReadOnlySpan<DataRow> rows)
    {
        var call = model.Rent();
        try
        {
            PredictRequest.Read(Body(rows), call);
            DirectRun.Run(call, expected: rows.Length);
            PredictAnswer.Check(call);
            return Take(rows, call);
        }
        catch (Exception e) when (e is RequestException or JsonException)
        {
            if (rows.Length > 1)
                return false;
            output.Reject(rows[0], e.Message);
            return true;
        }
        finally
        {
            model.Return(call);
        }
    }

    private bool Take(ReadOnlySpan<DataRow> rows, ModelCall call)
    {
        var isByRow = PredictAnswer.HaveRows(call, batch.IsFixed ? Math.Max(batch.Rows, rows.Length) : rows.Length);
        if (!isByRow && batch is { IsFixed: true, Rows: > 1 })
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions,
                $"The model takes {batch.Rows} rows at a time, and its outputs do not have an entry for each; it cannot score a table.");
        }
        if (!isByRow && rows.Length > 1)
        {
            alone = true;
            return false;
        }
        for (var i = 0; i < rows.Length; i++)
            output.Write(rows[i], call, isByRow ? i : -1);
        statistics.Record(call, rows.Length);
        return true;
    }

    /// <summary>A model that takes so many rows and no fewer gets the last one again and again.</summary>
    private byte[] Body(ReadOnlySpan<DataRow> rows)
    {
        var json = new StringBuilder("{\"instances\":[");
        for (var i = 0; i < (batch.IsFixed ? Math.Max(batch.Rows, rows.Length) : rows.Length); i++)
            json.Append(i > 0 ? "," : "").Append(rows[Math.Min(i, rows.Length - 1)].Instance);
        return Encoding.UTF8.GetBytes(json.Append("]}").ToString());
    }
}
