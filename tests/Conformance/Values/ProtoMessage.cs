using System.Text;

namespace Sluice.Conformance.Values;

/// <summary>Puts a protobuf message together, fields in the order of the calls.</summary>
sealed class ProtoMessage
{
    readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public ProtoMessage Varint(int field, ulong value)
    {
        Number((ulong)field << 3);
        Number(value);
        return this;
    }

    public ProtoMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Number((ulong)field << 3 | 2);
        Number((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public ProtoMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Message(int field, ProtoMessage value) => Bytes(field, [.. value._bytes]);

    public ProtoMessage Packed(int field, IEnumerable<ulong> values)
    {
        var packed = new ProtoMessage();
        foreach (var value in values)
            packed.Number(value);
        return Bytes(field, [.. packed._bytes]);
    }

    void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
