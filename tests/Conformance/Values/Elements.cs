using System.Buffers.Binary;
using System.Globalization;
using Sluice.Onnx;

namespace Sluice.Conformance.Values;

/// <summary>Single elements of numeric tensors.</summary>
static class Elements
{
    public static bool IsFloating(ElementType type) =>
        type is ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16;

    public static double Floating(Tensor tensor, long index) => tensor.Type switch
    {
        ElementType.Float => BinaryPrimitives.ReadSingleLittleEndian(At(tensor, index, 4)),
        ElementType.Double => BinaryPrimitives.ReadDoubleLittleEndian(At(tensor, index, 8)),
        ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(At(tensor, index, 2)),
        ElementType.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(At(tensor, index, 2)) << 16),
        _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor.Type, "no floating type"),
    };

    /// <summary>Whole numbers and bools (1 and 0).</summary>
    public static Int128 Whole(Tensor tensor, long index) => tensor.Type switch
    {
        ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(At(tensor, index, 8)),
        ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(At(tensor, index, 4)),
        ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(At(tensor, index, 2)),
        ElementType.Int8 => (sbyte)At(tensor, index, 1)[0],
        ElementType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(At(tensor, index, 8)),
        ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(At(tensor, index, 4)),
        ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(At(tensor, index, 2)),
        ElementType.UInt8 or ElementType.Bool => At(tensor, index, 1)[0],
        _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor.Type, "no whole type"),
    };

    public static void Append(List<byte> bytes, ElementType type, Int128 value)
    {
        for (var i = 0; i < type.Bits() / 8; i++)
            bytes.Add((byte)(value >> (8 * i)));
    }

    public static void Append(List<byte> bytes, ElementType type, double value)
    {
        Span<byte> buffer = stackalloc byte[8];
        if (type == ElementType.Float)
            BinaryPrimitives.WriteSingleLittleEndian(buffer, (float)value);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(buffer, value);
        bytes.AddRange(buffer[..(type.Bits() / 8)]);
    }

    public static string Show(Tensor tensor, long index) => tensor.Type switch
    {
        ElementType.String => '"' + System.Text.Encoding.UTF8.GetString(tensor.Strings[index]) + '"',
        _ when IsFloating(tensor.Type) => Floating(tensor, index).ToString("R", CultureInfo.InvariantCulture),
        _ => Whole(tensor, index).ToString(CultureInfo.InvariantCulture),
    };

    static ReadOnlySpan<byte> At(Tensor tensor, long index, int size) =>
        tensor.Bytes.AsSpan(checked((int)(index * size)), size);
}
