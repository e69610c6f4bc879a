using System.Text.Json;
using Sluice.Onnx;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Protocols.V2;

/// <summary>Reads one of a request's inputs: {name, shape, datatype, data}, in any order.</summary>
internal static class InferInput
{
    public static void Read(ref Utf8JsonReader reader, ModelCall call)
    {
        var shape = call.Shape.AsSpan();
        var rank = -1;
        InputSlot? slot = null;
        ElementType? datatype = null;
        var dataRead = false;
        var unreadData = default(Utf8JsonReader);
        var hasUnreadData = false;
        var hasParameters = false;
        var absent = false;
        long? binaryBytes = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.Is("name"u8))
            {
                Once(slot is null, "name", slot);
                reader.Read();
                slot = Find(ref reader, call);
            }
            else if (reader.Is("datatype"u8))
            {
                Once(datatype is null, "datatype", slot);
                reader.Read();
                datatype = ReadDatatype(ref reader);
            }
            else if (reader.Is("shape"u8))
            {
                Once(rank < 0, "shape", slot);
                reader.Read();
                rank = ReadShape(ref reader, shape, slot);
            }
            else if (reader.Is("data"u8))
            {
                Once(!dataRead && !hasUnreadData, "data", slot);
                reader.Read();
                if (slot is not null && datatype is not null)
                {
                    ReadData(ref reader, slot, datatype, call.Nesting);
                    dataRead = true;
                }
                else
                {
                    unreadData = reader;
                    hasUnreadData = true;
                    reader.Skip();
                }
            }
            else if (reader.Is("parameters"u8))
            {
                Once(!hasParameters, "parameters", slot);
                hasParameters = true;
                reader.Read();
                (binaryBytes, absent) = ReadParameters(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        if (slot is null)
            throw RequestException.Bad("One of \"inputs\" has no \"name\".");
        if (hasUnreadData)
        {
            ReadData(ref unreadData, slot, datatype, call.Nesting);
            dataRead = true;
        }
        if (absent)
        {
            Absence.Mark(slot);
            return;
        }
        if (rank < 0)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" has no \"shape\".");
        if (dataRead && binaryBytes is not null)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" has both \"data\" and \"binary_data_size\".");
        if (dataRead)
            Fit(slot, shape[..rank], call.Nesting);
        else
            ExpectBinary(call, slot, datatype, shape[..rank], binaryBytes);
    }

    /// <summary>Readers of JSON disagree about which of two counts, so neither does.</summary>
    private static void Once(bool isFirst, string field, InputSlot? slot)
    {
        if (!isFirst)
            throw RequestException.Bad($"Input \"{slot?.Info.Name}\" has \"{field}\" twice.");
    }

    private static (long? BinarySize, bool Absent) ReadParameters(ref Utf8JsonReader reader)
    {
        long? size = null;
        var absent = false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return (size, absent);
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSize = reader.Is("binary_data_size"u8);
            var isAbsent = reader.Is("absent"u8);
            reader.Read();
            if (isSize)
                size = JsonParameter.Number(ref reader, "binary_data_size", 0, int.MaxValue);
            else if (isAbsent)
                absent = JsonParameter.Bool(ref reader, "absent");
            else
                reader.Skip();
        }
        return (size, absent);
    }

    private static void ExpectBinary(
        ModelCall call, InputSlot slot, ElementType? datatype, ReadOnlySpan<long> shape, long? bytes)
    {
        if (!call.HasBinary)
        {
            throw RequestException.Bad(bytes is null
                ? $"Input \"{slot.Info.Name}\" has no \"data\"."
                : $"Input \"{slot.Info.Name}\" has a binary_data_size, but the request lacks the header {BinaryRequest.Header}.");
        }
        CheckType(slot, datatype);
        slot.Start();
        slot.SetShape(shape);
        call.BinaryInputs.Add((call.Frame.Inputs.IndexOf(slot), bytes));
    }

    private static InputSlot Find(ref Utf8JsonReader reader, ModelCall call)
    {
        var index = JsonName.Find(ref reader, call.Model.Signature, outputs: false, "inputs");
        if (index < 0)
            throw JsonName.UnknownInput(ref reader, call.Model);
        var slot = call.Frame.Inputs[index];
        if (slot.IsSet)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" is there twice.");
        if (slot.ElementType == ElementType.Undefined)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" is {slot.Info.Type}, which requests cannot carry.");
        return slot;
    }

    private static ElementType ReadDatatype(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && Datatypes.Find(reader.ValueSpan) is { } found)
            return found;
        throw RequestException.Bad(
            $"Datatype \"{Excerpt.Of(reader.ValueSpan)}\" is unknown; the protocol has BOOL, INT8 to INT64, UINT8 to UINT64, FP16, BF16, FP32, FP64 and BYTES.");
    }

    private static void ReadData(
        ref Utf8JsonReader reader, InputSlot slot, ElementType? datatype, NestedShape nested)
    {
        CheckType(slot, datatype);
        if (reader.TokenType != JsonTokenType.StartArray)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\": \"data\" must be a list.");
        slot.Start();
        TensorJsonReader.Read(ref reader, slot, nested);
    }

    private static void CheckType(InputSlot slot, ElementType? datatype)
    {
        if (datatype is null)
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" has no \"datatype\"; the model wants {Datatypes.Name(slot.ElementType)}.");
        if (datatype != slot.ElementType)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" is sent as {Datatypes.Name(datatype.Value)}; the model wants {Datatypes.Name(slot.ElementType)}.");
        }
    }

    private static int ReadShape(ref Utf8JsonReader reader, Span<long> shape, InputSlot? slot)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw RequestException.Bad($"Input \"{slot?.Info.Name}\": \"shape\" must be a list of sizes.");
        var rank = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (rank == ModelCall.MaxRank)
                throw RequestException.Bad($"Input \"{slot?.Info.Name}\": \"shape\" has more than {ModelCall.MaxRank} dimensions.");
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out shape[rank]) || shape[rank] < 0)
            {
                throw RequestException.Bad(
                    $"Input \"{slot?.Info.Name}\": \"shape\" holds {Excerpt.Of(reader.ValueSpan)}; sizes are whole numbers from 0.");
            }
            rank++;
        }
        return rank;
    }

    public static long ElementCount(InputSlot slot, ReadOnlySpan<long> shape)
    {
        try
        {
            return TensorShape.ElementCount(shape);
        }
        catch (OverflowException)
        {
            throw RequestException.Bad($"Input \"{slot.Info.Name}\": its shape has more elements than can be counted.");
        }
    }

    /// <summary>The data may be flat or nested as the shape says.</summary>
    private static void Fit(InputSlot slot, ReadOnlySpan<long> shape, NestedShape nested)
    {
        var count = ElementCount(slot, shape);
        if (count != slot.Count)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" has {slot.Count} elements; its shape [{string.Join(", ", shape.ToArray())}] needs {count}.");
        }
        if (nested.Rank > 1 && !nested.Sizes.SequenceEqual(shape))
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" is nested as [{string.Join(", ", nested.Sizes.ToArray())}]; its shape says [{string.Join(", ", shape.ToArray())}].");
        }
        slot.SetShape(shape);
    }
}
