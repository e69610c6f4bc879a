using Sluice.Runtime.Json;
using Sluice.Runtime.Models;
using Sluice.Runtime.Profiling;

namespace Sluice.Runtime.Batch;

/// <summary>The two files that rows end in.</summary>
internal sealed class BatchOutput(RowFormat format, PartFile answers, PartFile rejects)
{
    private readonly JsonBuffer buffer = new();
    private readonly List<(DataRow Row, string Reason)> refused = [];

    public long Scored { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>The first reason, for when there is nothing else to tell.</summary>
    public string? FirstReason { get; private set; }

    /// <summary>Goes on where an earlier run ended.</summary>
    public void Resume(BatchProgress from)
    {
        (Scored, Rejected) = (from.Scored, from.Rejected);
        answers.CutTo(from.OutputBytes);
        rejects.CutTo(from.RejectsBytes);
        if (from.OutputBytes > 0)
            return;
        format.Head(buffer);
        Flush(answers);
    }

    /// <param name="row">That was sent.</param>
    /// <param name="call">That it was sent in.</param>
    /// <param name="index">Its place in there; -1 when the call's outputs are all its own.</param>
    public void Write(DataRow row, ModelCall call, int index)
    {
        format.Row(buffer, row, call, index);
        Flush(answers);
        Scored++;
    }

    public void Reject(DataRow row, string reason)
    {
        refused.Add((row, reason));
        FirstReason ??= $"line {row.Line}: {reason}";
        Rejected++;
    }

    /// <summary>Writes what was refused, in the order of the table.</summary>
    public void EndChunk()
    {
        foreach (var (row, reason) in refused.OrderBy(static r => r.Row.Line))
        {
            buffer.Raw("{\"line\":"u8);
            buffer.Number(row.Line);
            buffer.Raw(",\"reason\":"u8);
            buffer.String(reason);
            buffer.Raw(",\"row\":"u8);
            buffer.String(row.Text);
            buffer.Raw("}\n"u8);
            Flush(rejects);
        }
        refused.Clear();
    }

    private void Flush(PartFile file)
    {
        file.Write(buffer.Written);
        buffer.Clear();
    }
}
