using Sluice.Onnx;
using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Models;
using Sluice.Runtime.Protocols;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>Reads one InferInputTensor: finds the model's input, checks datatype and shape, fills it.</summary>
internal static class InferInput
{
    public static void ReadTyped(ProtoReader input, ModelCall call)
    {
        var slot = Head(input, call, out var rank, out _, out var absent);
        if (absent)
        {
            Absence.Mark(slot);
            return;
        }
        var shape = call.Shape.AsSpan(0, rank);
        slot.Start();
        TypedContents.Read(input, slot, shape, Count(slot, shape));
        slot.SetShape(shape);
    }

    public static void ReadRaw(ProtoReader input, ReadOnlySpan<byte> raw, ModelCall call)
    {
        var slot = Head(input, call, out var rank, out var typed, out var absent);
        if (typed)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" has contents although the request has raw_input_contents; send one or the other.");
        }
        if (absent)
        {
            Absence.Mark(slot);
            return;
        }
        var shape = call.Shape.AsSpan(0, rank);
        slot.Start();
        RawContents.Read(raw, slot, shape, Count(slot, shape));
        slot.SetShape(shape);
    }

    private static InputSlot Head(ProtoReader input, ModelCall call, out int rank, out bool typed, out bool absent)
    {
        ReadOnlySpan<byte> name = default, datatype = default;
        rank = 0;
        typed = absent = false;
        while (input.Next())
        {
            switch (input.Field)
            {
                case InferFields.TensorName:
                    input.Expect(WireType.Bytes, "name");
                    name = input.Text();
                    break;
                case InferFields.TensorDatatype:
                    input.Expect(WireType.Bytes, "datatype");
                    datatype = input.Text();
                    break;
                case InferFields.TensorShape:
                    Shape(ref input, call.Shape, ref rank, name);
                    break;
                case InferFields.TensorParameters:
                    input.Expect(WireType.Bytes, "parameters");
                    absent |= ParameterEntry.IsTrue(input.Message(), "absent"u8);
                    break;
                case InferFields.TensorContents:
                    input.Expect(WireType.Bytes, "contents");
                    // An empty message says nothing; some clients always send it.
                    typed |= input.Bytes().Length > 0;
                    break;
                default:
                    input.Skip();
                    break;
            }
        }
        var slot = Find(name, call);
        CheckDatatype(datatype, slot);
        foreach (var size in call.Shape.AsSpan(0, rank))
        {
            if (size < 0)
                throw RequestException.Bad($"Input \"{slot.Info.Name}\": \"shape\" holds {size}; sizes are whole numbers from 0.");
        }
        return slot;
    }

    private static void Shape(ref ProtoReader input, long[] shape, ref int rank, ReadOnlySpan<byte> name)
    {
        if (input.Type == WireType.Varint)
        {
            Dimension(shape, ref rank, input.Varint(), name);
            return;
        }
        input.Expect(WireType.Bytes, "shape");
        var packed = input.Message();
        while (!packed.AtEnd)
            Dimension(shape, ref rank, packed.Varint(), name);
    }

    private static void Dimension(long[] shape, ref int rank, ulong size, ReadOnlySpan<byte> name)
    {
        if (rank == shape.Length)
            throw RequestException.Bad($"Input \"{Excerpt.Of(name)}\": \"shape\" has more than {shape.Length} dimensions.");
        shape[rank++] = (long)size;
    }

    private static InputSlot Find(ReadOnlySpan<byte> name, ModelCall call)
    {
        if (name.IsEmpty)
            throw RequestException.Bad("One of \"inputs\" has no \"name\".");
        var index = call.Model.Signature.FindInput(name);
        if (index < 0)
        {
            throw RequestException.Bad(
                $"Input \"{Excerpt.Of(name)}\" is unknown; model \"{call.Model.Name}\" wants {JsonName.Wanted(call.Model)}.");
        }
        var slot = call.Frame.Inputs[index];
        if (slot.IsSet)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" is there twice.");
        if (slot.ElementType == ElementType.Undefined)
            throw RequestException.Bad($"Input \"{slot.Info.Name}\" is {slot.Info.Type}, which requests cannot carry.");
        return slot;
    }

    private static void CheckDatatype(ReadOnlySpan<byte> datatype, InputSlot slot)
    {
        if (datatype.IsEmpty)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" has no \"datatype\"; the model wants {Datatypes.Name(slot.ElementType)}.");
        }
        if (Datatypes.Find(datatype) is not { } found)
        {
            throw RequestException.Bad(
                $"Datatype \"{Excerpt.Of(datatype)}\" is unknown; the protocol has BOOL, INT8 to INT64, UINT8 to UINT64, FP16, BF16, FP32, FP64 and BYTES.");
        }
        if (found != slot.ElementType)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" is sent as {Datatypes.Name(found)}; the model wants {Datatypes.Name(slot.ElementType)}.");
        }
    }

    private static long Count(InputSlot slot, ReadOnlySpan<long> shape)
    {
        try
        {
            var count = TensorShape.ElementCount(shape);
            // What is measured in bytes or bits below must not overflow either.
            _ = checked(count * 128);
            return count;
        }
        catch (OverflowException)
        {
            throw RequestException.Bad($"Input \"{slot.Info.Name}\": its shape has more elements than can be counted.");
        }
    }
}
