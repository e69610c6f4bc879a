using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Sluice.Runtime.Grpc.Wire;

/// <summary>
/// Writes protobuf fields into a buffer writer, taking its memory piece by piece. Call <see cref="Flush"/> at the end.
/// </summary>
internal ref struct ProtoWriter(IBufferWriter<byte> output)
{
    private const int Piece = 512;

    private readonly IBufferWriter<byte> output = output;
    private Span<byte> span;
    private int used;

    /// <param name="field">Below 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Tag(int field, WireType type) => Byte((byte)((field << 3) | (int)type));

    public void Byte(byte value)
    {
        Room(1);
        span[used++] = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Varint(ulong value)
    {
        Room(10);
        while (value >= 0x80)
        {
            span[used++] = (byte)(value | 0x80);
            value >>= 7;
        }
        span[used++] = (byte)value;
    }

    public void BigEndian(uint value)
    {
        Room(sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(span[used..], value);
        used += sizeof(uint);
    }

    public void LittleEndian(uint value)
    {
        Room(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(span[used..], value);
        used += sizeof(uint);
    }

    /// <summary>Bytes as they are, without tag and length.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= span.Length - used)
        {
            bytes.CopyTo(span[used..]);
            used += bytes.Length;
            return;
        }
        Flush();
        while (bytes.Length > 0)
        {
            span = output.GetSpan(Math.Min(bytes.Length, Piece));
            used = Math.Min(bytes.Length, span.Length);
            bytes[..used].CopyTo(span);
            bytes = bytes[used..];
            if (bytes.Length > 0)
                Flush();
        }
    }

    /// <summary>Tag and length of a value whose bytes follow.</summary>
    public void Head(int field, long length)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)length);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Head(field, value.Length);
        Raw(value);
    }

    /// <summary>A string; an empty one is not written, which is how proto3 says it.</summary>
    public void Text(int field, ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > 0)
            Bytes(field, utf8);
    }

    /// <summary>False is not written, which is how proto3 says it.</summary>
    public void Bool(int field, bool value)
    {
        if (!value)
            return;
        Tag(field, WireType.Varint);
        Byte(1);
    }

    /// <summary>A packed field of int64; nothing when there are no values.</summary>
    public void Packed(int field, ReadOnlySpan<long> values)
    {
        if (values.Length == 0)
            return;
        Head(field, ProtoSize.Packed(values));
        foreach (var value in values)
            Varint((ulong)value);
    }

    public void Flush()
    {
        if (used > 0)
            output.Advance(used);
        span = default;
        used = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Room(int count)
    {
        if (span.Length - used >= count)
            return;
        Flush();
        span = output.GetSpan(Math.Max(count, Piece));
    }
}
