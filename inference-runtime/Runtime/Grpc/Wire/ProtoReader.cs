using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Sluice.Runtime.Grpc.Wire;

/// <summary>
/// Reads one protobuf message field by field, without objects and without copies. Every length is checked against what
/// is left; nested messages are readers of their own over a part of the same bytes.
/// Wire format: protobuf.dev/programming-guides/encoding.
/// </summary>
/// <example><c>while (reader.Next()) { if (reader.Field == 1) name = reader.Text(); else reader.Skip(); }</c></example>
internal ref struct ProtoReader
{
    private readonly ReadOnlySpan<byte> data;
    private readonly int origin;
    private int at;

    /// <param name="data">The message, whole.</param>
    /// <param name="origin">Where it begins in the outermost message, for errors.</param>
    public ProtoReader(ReadOnlySpan<byte> data, int origin = 0)
    {
        this.data = data;
        this.origin = origin;
    }

    /// <summary>Number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    public WireType Type { get; private set; }

    /// <summary>Bytes before the next one to read.</summary>
    public readonly int Position => at;

    /// <summary>Bytes of the whole message.</summary>
    public readonly int Length => data.Length;

    public readonly bool AtEnd => at == data.Length;

    /// <summary>Goes to the next field. Its value must be read or skipped before the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        if (at == data.Length)
            return false;
        uint tag = data[at];
        if (tag < 0x80)
            at++;
        else
            tag = LongTag();
        Field = (int)(tag >> 3);
        Type = (WireType)(tag & 7);
        if (Field == 0 || Type is not (WireType.Bytes or WireType.Varint or WireType.Fixed32 or WireType.Fixed64))
            throw BadTag(tag);
        return true;
    }

    /// <summary>A varint, also where the field's type is bool, an enum, int32 or uint32: the caller checks the range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Varint()
    {
        if (at < data.Length && data[at] < 0x80)
            return data[at++];
        return LongVarint();
    }

    public uint Fixed32()
    {
        var value = Take(sizeof(uint));
        return BinaryPrimitives.ReadUInt32LittleEndian(value);
    }

    public ulong Fixed64()
    {
        var value = Take(sizeof(ulong));
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }

    /// <summary>A length-delimited value as it is: bytes, packed numbers, a message.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        var start = at;
        var length = Varint();
        if (length > (ulong)(data.Length - at))
            throw Broken(start, $"a length of {length} goes beyond the {data.Length - at} bytes that are left");
        return Take((int)length);
    }

    /// <summary>A string field's UTF-8.</summary>
    public ReadOnlySpan<byte> Text()
    {
        var start = at;
        var text = Bytes();
        if (!Utf8.IsValid(text))
            throw Broken(start, "a string is not valid UTF-8");
        return text;
    }

    public ProtoReader Message()
    {
        var message = Bytes();
        return new ProtoReader(message, origin + at - message.Length);
    }

    /// <summary>How many varints a packed field of nothing else holds.</summary>
    public readonly int CountVarints()
    {
        // Each ends with the one of its bytes whose highest bit is clear.
        var count = 0;
        foreach (var b in data)
            count += (b ^ 0x80) >> 7;
        return data.IsEmpty || data[^1] < 0x80 ? count : throw Broken(data.Length - 1, "a number is cut off");
    }

    /// <summary>Passes over the field's value, whatever it is.</summary>
    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint: Varint(); break;
            case WireType.Fixed32: Take(sizeof(uint)); break;
            case WireType.Fixed64: Take(sizeof(ulong)); break;
            default: Bytes(); break;
        }
    }

    /// <summary>A known field must come as its type is written; to pass over it would lose what the caller said.</summary>
    /// <param name="name">Of the field, for the error.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Expect(WireType wanted, string name)
    {
        if (Type != wanted)
            throw WrongType(wanted, name);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > data.Length - at)
            throw Broken(at, $"{length} bytes are wanted and {data.Length - at} are left");
        var taken = data.Slice(at, length);
        at += length;
        return taken;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint LongTag()
    {
        var start = at;
        var tag = LongVarint();
        return tag <= uint.MaxValue ? (uint)tag : throw Broken(start, "a field's number is beyond 536870911");
    }

    private ulong LongVarint()
    {
        var start = at;
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == data.Length)
                throw Broken(start, "a number is cut off");
            var next = data[at++];
            // The tenth byte has room for the 64th bit alone.
            if (shift == 63 && next > 1)
                throw Broken(start, "a number has more than 64 bits");
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw Broken(start, "a number has more than 64 bits");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly ProtoException BadTag(uint tag) =>
        Field == 0
            ? Broken(at - 1, "field number 0 does not exist")
            : Broken(at - 1, $"field {Field} has wire type {tag & 7}; groups and unassigned types are not taken");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly ProtoException WrongType(WireType wanted, string name) =>
        new($"Field {name} ({Field}) comes as {Type}, and is {wanted}: is the client built from another .proto file?");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly ProtoException Broken(int position, string what) =>
        new($"The message is not valid protobuf: at byte {origin + position}, {what}.");
}
