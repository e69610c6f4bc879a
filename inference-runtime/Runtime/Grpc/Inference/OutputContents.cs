using System.Runtime.InteropServices;
using Sluice.Onnx;
using Sluice.Runtime.Grpc.Wire;

namespace Sluice.Runtime.Grpc.Inference;

/// <summary>Measures and writes an output's elements, typed or raw.</summary>
internal static class OutputContents
{
    /// <summary>Bytes of the InferTensorContents message.</summary>
    public static long TypedSize(OutputTensor output)
    {
        if (output.Count == 0)
            return 0;
        if (output.ElementType != ElementType.String)
            return ProtoSize.Bytes(PackedSize(output));
        long size = 0;
        for (long i = 0; i < output.Count; i++)
            size += ProtoSize.Bytes(output.StringAt(i).Length);
        return size;
    }

    public static long RawSize(OutputTensor output)
    {
        if (output.ElementType != ElementType.String)
            return output.Bytes.Length;
        long size = 0;
        for (long i = 0; i < output.Count; i++)
            size += sizeof(uint) + output.StringAt(i).Length;
        return size;
    }

    public static void WriteTyped(ref ProtoWriter writer, OutputTensor output)
    {
        if (output.Count == 0)
            return;
        var field = TypedField.Of(output.ElementType)!;
        if (output.ElementType == ElementType.String)
        {
            for (long i = 0; i < output.Count; i++)
                writer.Bytes(field.Number, output.StringAt(i));
            return;
        }
        writer.Head(field.Number, PackedSize(output));
        switch (output.ElementType)
        {
            case ElementType.Int8: Signed<sbyte>(ref writer, output); break;
            case ElementType.Int16: Signed<short>(ref writer, output); break;
            case ElementType.Int32: Signed<int>(ref writer, output); break;
            case ElementType.Int64: Signed<long>(ref writer, output); break;
            case ElementType.UInt8: Unsigned<byte>(ref writer, output); break;
            case ElementType.UInt16: Unsigned<ushort>(ref writer, output); break;
            case ElementType.UInt32: Unsigned<uint>(ref writer, output); break;
            case ElementType.UInt64: Unsigned<ulong>(ref writer, output); break;
            // Floating-point numbers and bools lie in memory as they go on the wire.
            default: writer.Raw(output.Bytes); break;
        }
    }

    public static void WriteRaw(ref ProtoWriter writer, OutputTensor output)
    {
        if (output.ElementType != ElementType.String)
        {
            writer.Raw(output.Bytes);
            return;
        }
        for (long i = 0; i < output.Count; i++)
        {
            var text = output.StringAt(i);
            writer.LittleEndian((uint)text.Length);
            writer.Raw(text);
        }
    }

    private static long PackedSize(OutputTensor output) => output.ElementType switch
    {
        ElementType.Int8 => SignedSize<sbyte>(output),
        ElementType.Int16 => SignedSize<short>(output),
        ElementType.Int32 => SignedSize<int>(output),
        ElementType.Int64 => SignedSize<long>(output),
        ElementType.UInt8 => UnsignedSize<byte>(output),
        ElementType.UInt16 => UnsignedSize<ushort>(output),
        ElementType.UInt32 => UnsignedSize<uint>(output),
        ElementType.UInt64 => UnsignedSize<ulong>(output),
        _ => output.Bytes.Length,
    };

    private static long SignedSize<T>(OutputTensor output)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        long size = 0;
        foreach (var element in MemoryMarshal.Cast<byte, T>(output.Bytes))
            size += ProtoSize.Varint((ulong)long.CreateTruncating(element));
        return size;
    }

    private static long UnsignedSize<T>(OutputTensor output)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        long size = 0;
        foreach (var element in MemoryMarshal.Cast<byte, T>(output.Bytes))
            size += ProtoSize.Varint(ulong.CreateTruncating(element));
        return size;
    }

    private static void Signed<T>(ref ProtoWriter writer, OutputTensor output)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        foreach (var element in MemoryMarshal.Cast<byte, T>(output.Bytes))
            writer.Varint((ulong)long.CreateTruncating(element));
    }

    private static void Unsigned<T>(ref ProtoWriter writer, OutputTensor output)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        foreach (var element in MemoryMarshal.Cast<byte, T>(output.Bytes))
            writer.Varint(ulong.CreateTruncating(element));
    }
}
