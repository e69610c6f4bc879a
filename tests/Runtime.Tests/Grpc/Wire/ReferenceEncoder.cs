namespace Sluice.Runtime.Tests.Grpc.Wire;

/// <summary>
/// Protobuf written the slow and obvious way, to have something to compare with: lists of bytes, base-128 by division.
/// </summary>
internal sealed class ReferenceEncoder
{
    private readonly List<byte> bytes = [];

    public byte[] ToArray() => [.. bytes];

    public static byte[] Number(ulong value)
    {
        var digits = new List<byte>();
        do
        {
            digits.Add((byte)(value % 128 + 128));
            value /= 128;
        }
        while (value != 0);
        digits[^1] -= 128;
        return [.. digits];
    }

    public ReferenceEncoder Varint(int field, ulong value) => Tag(field, 0).Raw(Number(value));

    public ReferenceEncoder Fixed32(int field, uint value) => Tag(field, 5).Raw(BitConverter.GetBytes(value));

    public ReferenceEncoder Fixed64(int field, ulong value) => Tag(field, 1).Raw(BitConverter.GetBytes(value));

    public ReferenceEncoder Bytes(int field, byte[] value) => Tag(field, 2).Raw(Number((ulong)value.Length)).Raw(value);

    public ReferenceEncoder Text(int field, string value) => Bytes(field, System.Text.Encoding.UTF8.GetBytes(value));

    public ReferenceEncoder Message(int field, ReferenceEncoder message) => Bytes(field, message.ToArray());

    public ReferenceEncoder Packed(int field, IEnumerable<ulong> values) =>
        Bytes(field, [.. values.SelectMany(Number)]);

    public ReferenceEncoder Tag(int field, int type) => Raw(Number((ulong)field * 8 + (ulong)type));

    public ReferenceEncoder Raw(byte[] raw)
    {
        bytes.AddRange(raw);
        return this;
    }
}
