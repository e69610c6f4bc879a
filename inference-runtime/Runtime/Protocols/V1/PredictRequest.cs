using System.Text.Json;
using Sluice.Onnx;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V1;

/// <summary>
/// Reads a V1 request: {"instances": […]} in rows, each a value for the one input or an object with a key per input; or
/// {"inputs": …} in columns, a value for the one input or an object with a whole tensor per input.
/// </summary>
internal static class PredictRequest
{
    /// <returns>Number of rows, or -1 for columns.</returns>
    public static long Read(ReadOnlySpan<byte> body, ModelCall call)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw RequestException.Bad("The body must be a JSON object with \"instances\" (or \"inputs\").");
        long? rows = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var instances = reader.Is("instances"u8);
            if (!instances && !reader.Is("inputs"u8))
            {
                reader.Read();
                reader.Skip();
                continue;
            }
            if (rows is not null)
                throw RequestException.Bad("The body must hold one of \"instances\" and \"inputs\", once.");
            reader.Read();
            rows = instances ? Rows.Read(ref reader, call) : Columns(ref reader, body, call);
        }
        while (reader.Read())
        {
            // Reads on to the end: whatever follows the object is an error that the reader reports.
        }
        return rows ?? throw RequestException.Bad("\"instances\" is missing: a list with one entry per row.");
    }

    private static long Columns(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ModelCall call)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Column(ref reader, body, call, OnlyInput(call, "inputs"));
            return -1;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = FindInput(ref reader, call);
            if (slot.IsSet)
                throw RequestException.Bad($"Input \"{slot.Info.Name}\" is there twice.");
            reader.Read();
            Column(ref reader, body, call, slot);
        }
        return -1;
    }

    private static void Column(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ModelCall call, InputSlot slot)
    {
        if (reader.TokenType == JsonTokenType.Null && slot.Info.Type is OptionalType)
            return;
        slot.Start();
        if (slot.Tensor is null)
        {
            Texts(ref reader, body, slot);
            return;
        }
        TensorJsonReader.Read(ref reader, slot, call.Nesting);
        ShapeGuess.Apply(slot, call.Nesting.Sizes);
    }

    /// <summary>What is no tensor is kept as JSON, a list item by item.</summary>
    private static void Texts(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, InputSlot slot)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Text(ref reader, body, slot);
        }
        else
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                Text(ref reader, body, slot);
        }
        slot.SetShape([slot.Count]);
    }

    private static void Text(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, InputSlot slot)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        slot.AppendString(body[start..(int)reader.BytesConsumed]);
    }

    public static InputSlot FindInput(ref Utf8JsonReader reader, ModelCall call)
    {
        var index = JsonName.Find(ref reader, call.Model.Signature, outputs: false, "inputs");
        return index >= 0 ? Carried(call.Frame.Inputs[index]) : throw JsonName.UnknownInput(ref reader, call.Model);
    }

    public static InputSlot OnlyInput(ModelCall call, string where)
    {
        if (call.Model.Signature.RequiredCount != 1)
        {
            throw RequestException.Bad(
                $"Model \"{call.Model.Name}\" has {call.Model.Signature.RequiredCount} inputs, so \"{where}\" needs objects with a key for each: {JsonName.Wanted(call.Model)}.");
        }
        return Carried(call.Frame.Inputs[0]);
    }

    private static InputSlot Carried(InputSlot slot) => slot.ElementType != ElementType.Undefined
        ? slot
        : throw RequestException.Bad($"Input \"{slot.Info.Name}\" is {slot.Info.Type}, which requests cannot carry.");
}
