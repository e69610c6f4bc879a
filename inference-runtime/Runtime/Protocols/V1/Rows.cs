using System.Text.Json;
using Sluice.Onnx;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V1;

/// <summary>Reads the row format: rows are appended to the inputs one after another and must be alike.</summary>
internal static class Rows
{
    private const string Name = "instances";

    /// <returns>How many rows.</returns>
    public static long Read(ref Utf8JsonReader reader, ModelCall call)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw RequestException.Bad("Expected \"instances\" to be a list with one entry per row.");
        long rows = 0;
        bool? objects = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            if (objects is { } before && before != isObject)
                throw RequestException.Bad($"\"instances\" mixes objects and plain values at row {rows}.");
            objects = isObject;
            if (isObject)
                ReadObject(ref reader, call, rows);
            else
                Append(ref reader, call, PredictRequest.OnlyInput(call, Name), rows);
            rows++;
        }
        if (rows == 0)
            throw RequestException.Bad("\"instances\" is empty; it needs at least one row.");
        Finish(call, rows);
        return rows;
    }

    private static void ReadObject(ref Utf8JsonReader reader, ModelCall call, long row)
    {
        var given = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = PredictRequest.FindInput(ref reader, call);
            reader.Read();
            Append(ref reader, call, slot, row);
            given++;
        }
        foreach (var slot in call.Frame.Inputs)
        {
            if (slot.IsSet && slot.Rows != row + 1)
                throw RequestException.Bad($"Input \"{slot.Info.Name}\" is missing in row {row} of \"instances\".");
            given -= slot.IsSet ? 1 : 0;
        }
        if (given != 0)
            throw RequestException.Bad($"Row {row} of \"instances\" names an input twice.");
    }

    private static void Append(ref Utf8JsonReader reader, ModelCall call, InputSlot slot, long row)
    {
        var shape = call.Nesting;
        WholeOnly.Refuse(slot, Name);
        if (!slot.IsSet)
        {
            if (row > 0)
                throw RequestException.Bad($"Input \"{slot.Info.Name}\" is missing in row 0 of \"instances\".");
            slot.Start();
        }
        TensorJsonReader.Read(ref reader, slot, shape);
        if (row == 0)
            slot.SetShape(shape.Sizes);
        else if (!slot.Shape.SequenceEqual(shape.Sizes))
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" has shape [{string.Join(", ", shape.Sizes.ToArray())}] in row {row} and [{string.Join(", ", slot.Shape.ToArray())}] in the rows before.");
        slot.Rows = row + 1;
    }

    private static void Finish(ModelCall call, long rows)
    {
        foreach (var slot in call.Frame.Inputs)
        {
            if (slot.IsSet)
                ShapeGuess.Apply(slot, [rows, .. slot.Shape]);
        }
    }
}
