using System.Text.Json;
using Sluice.Onnx;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;
using Sluice.Runtime.Protocols.V1;

namespace Sluice.Runtime.Protocols.Simple;

/// <summary>
/// Reads what people write by hand: {"features": […]}, one row or a list of rows for the one input, or the columns of one
/// row in the model's order; or named columns, {"income": 50000, …}, each a value for one row or a list for several.
/// V1's "instances" and "inputs" are read too.
/// </summary>
internal static class SimpleRequest
{
    /// <returns>Number of rows, or -1 for V1's columns.</returns>
    public static long Read(ReadOnlySpan<byte> body, ModelCall call)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw RequestException.Bad($"The body must be a JSON object: {Hint(call.Model)}.");
        var peek = reader;
        peek.Read();
        if (peek.TokenType == JsonTokenType.PropertyName && call.Model.Signature.FindInput(peek.ValueSpan) < 0)
        {
            if (peek.Is("instances"u8) || peek.Is("inputs"u8))
                return PredictRequest.Read(body, call);
            if (peek.Is("features"u8))
                return Features(ref peek, call);
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = PredictRequest.FindInput(ref reader, call);
            if (slot.IsSet)
                throw RequestException.Bad($"Input \"{slot.Info.Name}\" is there twice.");
            reader.Read();
            Fill(ref reader, call, slot);
        }
        ToTheEnd(ref reader);
        return RowsOf(call);
    }

    /// <summary>What a body for this model may look like.</summary>
    public static string Hint(ServedModel model) => model.Signature.RequiredCount == 1
        ? "{\"features\": […]}"
        : $"{{{string.Join(", ", model.Signature.Inputs.Where(p => p.Required).Take(3).Select(p => $"\"{p.Name}\": …"))}, …}}";

    private static long Features(ref Utf8JsonReader reader, ModelCall call)
    {
        reader.Read();
        if (call.Model.Signature.RequiredCount == 1)
            Fill(ref reader, call, PredictRequest.OnlyInput(call, "features"));
        else
            Columns(ref reader, call);
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndObject)
            throw RequestException.Bad("\"features\" must be the only member of the body.");
        ToTheEnd(ref reader);
        return RowsOf(call);
    }

    /// <summary>One value per input, in the model's order.</summary>
    private static void Columns(ref Utf8JsonReader reader, ModelCall call)
    {
        var wanted = call.Model.Signature.RequiredCount;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw RequestException.Bad($"\"features\" must be a list of {wanted} values: {JsonName.Wanted(call.Model)}.");
        var given = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (given == wanted)
                throw RequestException.Bad($"\"features\" has more than {wanted} values: {JsonName.Wanted(call.Model)}.");
            Fill(ref reader, call, call.Frame.Inputs[given++]);
        }
    }

    private static void Fill(ref Utf8JsonReader reader, ModelCall call, InputSlot slot)
    {
        WholeOnly.Refuse(slot, "a list of rows");
        slot.Start();
        TensorJsonReader.Read(ref reader, slot, call.Nesting);
        var sizes = call.Nesting.Sizes;
        var rank = slot.Tensor?.Shape?.Length ?? sizes.Length;
        if (sizes.Length == 0 && rank > 0)
        {
            Span<long> ones = stackalloc long[rank];
            ones.Fill(1);
            slot.SetShape(ones);
        }
        else if (sizes.Length == rank - 1 && IsColumn(slot) is false)
        {
            slot.SetShape([1, .. sizes]);
        }
        else
        {
            ShapeGuess.Apply(slot, sizes);
        }
    }

    /// <summary>[batch, 1]: a list is rows, not one row.</summary>
    private static bool IsColumn(InputSlot slot) => slot.Tensor?.Shape is [_, { Size: 1 }];

    private static long RowsOf(ModelCall call)
    {
        foreach (var slot in call.Frame.Inputs)
        {
            if (slot.IsSet && slot.Shape.Length > 0)
                return slot.Shape[0];
        }
        return -1;
    }

    private static void ToTheEnd(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            // Whatever follows the object is an error that the reader reports.
        }
    }
}
