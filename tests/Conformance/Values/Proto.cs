namespace Sluice.Conformance.Values;

/// <summary>One field of a protobuf message: a number (wire types 0, 1, 5) or bytes (2).</summary>
readonly record struct ProtoField(int Number, int WireType, ulong Scalar, ReadOnlyMemory<byte> Bytes);

/// <summary>A protobuf reader that knows no schema. Broken input is an <see cref="InvalidDataException"/>.</summary>
static class Proto
{
    public static List<ProtoField> Read(ReadOnlyMemory<byte> message)
    {
        var fields = new List<ProtoField>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message.Span, ref at);
            var (number, type) = ((int)(tag >> 3), (int)(tag & 7));
            switch (type)
            {
                case 0:
                    fields.Add(new ProtoField(number, type, Varint(message.Span, ref at), default));
                    break;
                case 1 or 5:
                    var size = type == 1 ? 8 : 4;
                    fields.Add(new ProtoField(number, type, Little(Take(message, ref at, size).Span), default));
                    break;
                case 2:
                    var length = Varint(message.Span, ref at);
                    if (length > (ulong)(message.Length - at))
                        throw new InvalidDataException($"field {number} is longer than its message");
                    fields.Add(new ProtoField(number, type, 0, Take(message, ref at, (int)length)));
                    break;
                default:
                    throw new InvalidDataException($"field {number} has wire type {type}");
            }
        }
        return fields;
    }

    /// <summary>A repeated varint, packed or not.</summary>
    public static IEnumerable<ulong> Varints(IEnumerable<ProtoField> fields, int number)
    {
        foreach (var field in fields.Where(f => f.Number == number))
        {
            if (field.WireType != 2)
            {
                yield return field.Scalar;
                continue;
            }
            var at = 0;
            while (at < field.Bytes.Length)
                yield return Varint(field.Bytes.Span, ref at);
        }
    }

    /// <summary>The bytes of a repeated fixed-size number, packed or not.</summary>
    public static byte[] Fixed(IEnumerable<ProtoField> fields, int number, int size)
    {
        var bytes = new List<byte>();
        foreach (var field in fields.Where(f => f.Number == number))
        {
            if (field.WireType == 2)
                bytes.AddRange(field.Bytes.Span);
            else
                bytes.AddRange(BitConverter.GetBytes(field.Scalar).AsSpan(0, size));
        }
        return [.. bytes];
    }

    public static IEnumerable<ReadOnlyMemory<byte>> Messages(IEnumerable<ProtoField> fields, int number) =>
        fields.Where(f => f.Number == number && f.WireType == 2).Select(f => f.Bytes);

    public static string Text(IEnumerable<ProtoField> fields, int number) =>
        System.Text.Encoding.UTF8.GetString(Messages(fields, number).LastOrDefault().Span);

    static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> message, ref int at, int size)
    {
        if (size > message.Length - at)
            throw new InvalidDataException("the message ends inside a field");
        at += size;
        return message.Slice(at - size, size);
    }

    static ulong Little(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
            value = value << 8 | bytes[i];
        return value;
    }

    static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (at == bytes.Length)
                throw new InvalidDataException("the message ends inside a number");
            var part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
        throw new InvalidDataException("a number has more than ten bytes");
    }
}
