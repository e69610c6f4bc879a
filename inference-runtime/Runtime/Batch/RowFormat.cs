using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Sluice.Contract;
using Sluice.Onnx;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;
using Sluice.Runtime.Monitoring;
using Sluice.Runtime.Profiling;
using Sluice.Runtime.Protocols.V1;

namespace Sluice.Runtime.Batch;

/// <summary>How a scored row is written.</summary>
internal abstract class RowFormat
{
    /// <exception cref="FailureException">The name of the output says no format.</exception>
    public static RowFormat For(string output, Signature signature, IReadOnlyList<string> kept) => Path.GetExtension(output).ToLowerInvariant() switch
    {
        ".csv" => new CsvRows(signature, kept),
        ".jsonl" or ".ndjson" => new JsonRows(kept),
        _ => throw new FailureException(TerminationReasons.InvalidOptions, $"--out {output}: its name must end in .csv or .jsonl."),
    };

    /// <summary>What comes before all rows.</summary>
    public abstract void Head(JsonBuffer to);

    /// <param name="to">Gets the line, with its end.</param>
    /// <param name="row">That was sent.</param>
    /// <param name="call">That it was sent in.</param>
    /// <param name="index">Its place in there; -1 when the call's outputs are all its own.</param>
    public abstract void Row(JsonBuffer to, DataRow row, ModelCall call, int index);
}

/// <summary>An object a line: the row's line in the table, the columns that are kept, and what V1 would answer.</summary>
internal sealed class JsonRows(IReadOnlyList<string> kept) : RowFormat
{
    public override void Head(JsonBuffer to)
    {
        // Each line stands for itself.
    }

    public override void Row(JsonBuffer to, DataRow row, ModelCall call, int index)
    {
        to.Raw("{\"line\":"u8);
        to.Number(row.Line);
        for (var i = 0; i < kept.Count; i++)
        {
            to.Raw(i == 0 ? ",\"columns\":{"u8 : ","u8);
            to.String(kept[i]);
            to.Byte((byte)':');
            to.String(row.Kept[i]);
        }
        to.Raw(kept.Count > 0 ? "},\"prediction\":"u8 : ",\"prediction\":"u8);
        PredictAnswer.Row(to, call, index);
        to.Raw("}\n"u8);
    }
}

/// <summary>
/// The row's line in the table, the columns that are kept, and a column for each number or text of the outputs, called as
/// drift calls them. An output whose rows vary in length is one column of JSON.
/// </summary>
internal sealed class CsvRows(Signature signature, IReadOnlyList<string> kept) : RowFormat
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    private readonly ImmutableArray<ImmutableArray<string>> columns = [.. signature.Outputs.Select(WatchPlan.ColumnsOf)];
    private readonly JsonBuffer cell = new();

    public override void Head(JsonBuffer to)
    {
        to.Raw("line"u8);
        foreach (var name in kept.Concat(columns.SelectMany((names, i) => names.IsEmpty ? [signature.Outputs[i].Name] : names)))
        {
            to.Byte((byte)',');
            Cell(to, Encoding.UTF8.GetBytes(name));
        }
        to.Byte((byte)'\n');
    }

    public override void Row(JsonBuffer to, DataRow row, ModelCall call, int index)
    {
        to.Number(row.Line);
        foreach (var field in row.Kept)
        {
            to.Byte((byte)',');
            Cell(to, Encoding.UTF8.GetBytes(field));
        }
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].IsEmpty)
                Json(to, call.Frame.Outputs[i], index);
            else
                Elements(to, call.Frame.Outputs[i], columns[i].Length, Math.Max(0, index));
        }
        to.Byte((byte)'\n');
    }

    private void Json(JsonBuffer to, OnnxValue output, int index)
    {
        to.Byte((byte)',');
        cell.Clear();
        PredictAnswer.Value(cell, output, index);
        Cell(to, cell.Written);
    }

    private void Elements(JsonBuffer to, OnnxValue output, int count, int row)
    {
        for (var i = (long)row * count; i < (row + 1L) * count; i++)
        {
            to.Byte((byte)',');
            if (output.ElementType == ElementType.String)
            {
                Cell(to, output.StringAt(i));
                continue;
            }
            cell.Clear();
            TensorJsonWriter.Element(cell, output, i);
            // What is no number in JSON, such as NaN, is a text there.
            to.Raw(cell.Written.Trim((byte)'"'));
        }
    }

    private static void Cell(JsonBuffer to, ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAny(Special))
        {
            to.Raw(text);
            return;
        }
        to.Byte((byte)'"');
        foreach (var b in text)
        {
            if (b == '"')
                to.Byte(b);
            to.Byte(b);
        }
        to.Byte((byte)'"');
    }
}
