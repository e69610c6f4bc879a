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
            rows = instances ? Rows.Read(ref reader, call) : Columns(ref reader, call);
        }
        while (reader.Read())
        {
            // Reads on to the end: whatever follows the object is an error that the reader reports.
        }
        return rows ?? throw RequestException.Bad("\"instances\" is missing: a list with one entry per row.");
    }

    private static long Columns(ref Utf8JsonReader reader, ModelCall call)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Column(ref reader, call, OnlyInput(call, "inputs"));
            return -1;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = FindInput(ref reader, call);
            if (slot.IsSet)
                throw RequestException.Bad($"Input \"{slot.Info.Name}\" is there twice.");
            reader.Read();
            Column(ref reader, call, slot);
        }
        return -1;
    }

    private static void Column(ref Utf8JsonReader reader, ModelCall call, InputSlot slot)
    {
        slot.Start();
        TensorJsonReader.Read(ref reader, slot, call.Nesting);
        ShapeGuess.Apply(slot, call.Nesting.Sizes);
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

    private static InputSlot Carried(InputSlot slot) => slot.Tensor is not null
        ? slot
        : throw RequestException.Bad($"Input \"{slot.Info.Name}\" is {slot.Info.Type}, which requests cannot carry.");
}
