using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sluice.Runtime.Grpc.Wire;

/// <summary>How many bytes things take on the wire: a message's length goes before it, so it is computed first.</summary>
internal static class ProtoSize
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Varint(ulong value) => value < 0x80 ? 1 : (BitOperations.Log2(value) * 9 + 73) / 64;

    /// <summary>A field's tag; all fields that are written here have numbers below 16.</summary>
    public const int Tag = 1;

    /// <summary>Tag, length and <paramref name="length"/> bytes.</summary>
    public static long Bytes(long length) => Tag + Varint((ulong)length) + length;

    /// <summary>As <see cref="Bytes"/>; an empty string is not written, which is how proto3 says it.</summary>
    public static long Text(long length) => length == 0 ? 0 : Bytes(length);

    /// <summary>The values of a packed field of int64, without tag and length.</summary>
    public static int Packed(ReadOnlySpan<long> values)
    {
        var size = 0;
        foreach (var value in values)
            size += Varint((ulong)value);
        return size;
    }
}
