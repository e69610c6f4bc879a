using System.Buffers.Binary;
using System.Text;
using Sluice.Onnx;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>Elements as the binary tensor extension and raw gRPC contents carry them.</summary>
internal static class RawElements
{
    public static Answered Read(string name, string datatype, long[] shape, ReadOnlySpan<byte> raw)
    {
        if (Datatypes.Find(Encoding.ASCII.GetBytes(datatype)) is not { } type)
            throw new UnreadableAnswerException($"Output \"{name}\" has the unknown datatype {datatype}.");
        return type == ElementType.String
            ? new Answered(name, datatype, shape, null, Texts(raw), AreWhole: false)
            : new Answered(name, datatype, shape, Numbers(type, raw), null, Answered.IsWhole(type));
    }

    private static string[] Texts(ReadOnlySpan<byte> raw)
    {
        var texts = new List<string>();
        while (raw.Length >= sizeof(int))
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(raw);
            if (length < 0 || length > raw.Length - sizeof(int))
                throw new UnreadableAnswerException("A text is cut off.");
            texts.Add(Encoding.UTF8.GetString(raw.Slice(sizeof(int), length)));
            raw = raw[(sizeof(int) + length)..];
        }

        return [.. texts];
    }

    private static double[] Numbers(ElementType type, ReadOnlySpan<byte> raw)
    {
        var size = type.Bits() / 8;
        if (size == 0 || raw.Length % size != 0)
            throw new UnreadableAnswerException($"{raw.Length} bytes are no elements of {type}.");
        var numbers = new double[raw.Length / size];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = Number(type, raw[(i * size)..]);
        return numbers;
    }

    /// <param name="type">Of whole bytes, and no text.</param>
    /// <param name="at">Begins with the element, little-endian.</param>
    public static double Number(ElementType type, ReadOnlySpan<byte> at) => type switch
    {
        ElementType.Float => BinaryPrimitives.ReadSingleLittleEndian(at),
        ElementType.Double => BinaryPrimitives.ReadDoubleLittleEndian(at),
        ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
        // The upper half of a float.
        ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
        ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(at),
        ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
        ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
        ElementType.Int8 => (sbyte)at[0],
        ElementType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(at),
        ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
        ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
        ElementType.UInt8 or ElementType.Bool => at[0],
        _ => throw new UnreadableAnswerException($"{type} is not compared."),
    };
}
