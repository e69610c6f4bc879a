using System.Numerics;
using Sluice.Onnx;
using Sluice.Runtime.Grpc.Wire;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>
/// Reads InferTensorContents, the numbers packed or one by one, straight into an input's memory. They are counted first:
/// no memory is reserved that the message does not fill.
/// </summary>
internal static class TypedContents
{
    public static void Read(ProtoReader input, InputSlot slot, ReadOnlySpan<long> shape, long wanted)
    {
        if (TypedField.Of(slot.ElementType) is not { } field)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" is {Datatypes.Name(slot.ElementType)}, which typed contents cannot carry: send raw_input_contents.");
        }
        var found = Count(input, slot, field);
        if (found != wanted)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" has {found} elements; its shape [{string.Join(", ", shape.ToArray())}] needs {wanted}.");
        }
        Fill(input, slot, field, found);
    }

    private static long Count(ProtoReader input, InputSlot slot, TypedField field)
    {
        long count = 0;
        while (input.Next())
        {
            if (input.Field != InferFields.TensorContents)
            {
                input.Skip();
                continue;
            }
            var contents = input.Message();
            while (contents.Next())
            {
                if (contents.Field == field.Number)
                    count += field.Count(ref contents);
                else
                    Other(ref contents, slot, field);
            }
        }
        return count;
    }

    /// <summary>Values in a field of another type would be lost; an empty packed field holds none.</summary>
    private static void Other(ref ProtoReader contents, InputSlot slot, TypedField field)
    {
        var at = contents.Position;
        contents.Skip();
        var isEmpty = contents.Type == WireType.Bytes
            && contents.Position == at + 1
            && contents.Field != InferFields.BytesContents;
        if (TypedField.NameOf(contents.Field) is { } name && !isEmpty)
        {
            throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" is {Datatypes.Name(slot.ElementType)} and has {name}; it goes into {field.Name}.");
        }
    }

    private static unsafe void Fill(ProtoReader input, InputSlot slot, TypedField field, long count)
    {
        var filler = new ContentsFiller(field);
        if (slot.ElementType != ElementType.String)
            filler.Target = slot.Raw(slot.ElementType.ByteCount(count), count);
        while (input.Next())
        {
            if (input.Field != InferFields.TensorContents)
            {
                input.Skip();
                continue;
            }
            var contents = input.Message();
            while (contents.Next())
            {
                if (contents.Field == field.Number)
                    filler.Take(ref contents, slot);
                else
                    contents.Skip();
            }
        }
    }
}

/// <summary>Writes one field's values behind one another.</summary>
internal unsafe ref struct ContentsFiller(TypedField field)
{
    private long index;

    /// <summary>Room for all elements; null for strings.</summary>
    public byte* Target { get; set; }

    public void Take(ref ProtoReader contents, InputSlot slot)
    {
        switch (slot.ElementType)
        {
            case ElementType.Float:
            case ElementType.Double: Fixed(ref contents, slot); break;
            case ElementType.String: slot.AppendString(contents.Bytes()); break;
            case ElementType.Bool: Varints<byte, BoolVarint>(ref contents, slot); break;
            case ElementType.Int8: Varints<sbyte, SignedVarint<sbyte>>(ref contents, slot); break;
            case ElementType.Int16: Varints<short, SignedVarint<short>>(ref contents, slot); break;
            case ElementType.Int32: Varints<int, SignedVarint<int>>(ref contents, slot); break;
            case ElementType.Int64: Varints<long, SignedVarint<long>>(ref contents, slot); break;
            case ElementType.UInt8: Varints<byte, UnsignedVarint<byte>>(ref contents, slot); break;
            case ElementType.UInt16: Varints<ushort, UnsignedVarint<ushort>>(ref contents, slot); break;
            case ElementType.UInt32: Varints<uint, UnsignedVarint<uint>>(ref contents, slot); break;
            default: Varints<ulong, UnsignedVarint<ulong>>(ref contents, slot); break;
        }
    }

    /// <summary>Floating-point numbers lie in the message as they lie in memory.</summary>
    private void Fixed(ref ProtoReader contents, InputSlot slot)
    {
        var size = (int)slot.ElementBytes;
        var target = Target + index * size;
        if (contents.Type == WireType.Bytes)
        {
            var packed = contents.Bytes();
            packed.CopyTo(new Span<byte>(target, packed.Length));
            index += packed.Length / size;
            return;
        }
        if (size == sizeof(float))
            *(uint*)target = contents.Fixed32();
        else
            *(ulong*)target = contents.Fixed64();
        index++;
    }

    private void Varints<T, TVarint>(ref ProtoReader contents, InputSlot slot)
        where T : unmanaged
        where TVarint : IVarint<T>
    {
        if (contents.Type != WireType.Bytes)
        {
            ((T*)Target)[index] = Element<T, TVarint>(contents.Varint(), slot);
            index++;
            return;
        }
        var packed = contents.Message();
        while (!packed.AtEnd)
        {
            ((T*)Target)[index] = Element<T, TVarint>(packed.Varint(), slot);
            index++;
        }
    }

    private readonly T Element<T, TVarint>(ulong wire, InputSlot slot)
        where T : unmanaged
        where TVarint : IVarint<T> =>
        TVarint.TryRead(wire, out var element)
            ? element
            : throw RequestException.Bad(
                $"Input \"{slot.Info.Name}\" wants {Datatypes.Name(slot.ElementType)}; element {index} is {field.Text(wire)}.");
}

/// <summary>How a varint becomes an element.</summary>
internal interface IVarint<T>
{
    static abstract bool TryRead(ulong wire, out T element);
}

/// <summary>Signed numbers are sign-extended to 64 bits on the wire.</summary>
internal readonly struct SignedVarint<T> : IVarint<T>
    where T : IBinaryInteger<T>
{
    public static bool TryRead(ulong wire, out T element)
    {
        element = T.CreateTruncating((long)wire);
        return long.CreateTruncating(element) == (long)wire;
    }
}

internal readonly struct UnsignedVarint<T> : IVarint<T>
    where T : IBinaryInteger<T>
{
    public static bool TryRead(ulong wire, out T element)
    {
        element = T.CreateTruncating(wire);
        return ulong.CreateTruncating(element) == wire;
    }
}

/// <summary>Any number but 0 is true, as protobuf has it.</summary>
internal readonly struct BoolVarint : IVarint<byte>
{
    public static bool TryRead(ulong wire, out byte element)
    {
        element = wire == 0 ? (byte)0 : (byte)1;
        return true;
    }
}
