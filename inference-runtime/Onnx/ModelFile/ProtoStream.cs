using System.Text;

namespace Sluice.Onnx.ModelFile;

/// <summary>A field's number and wire type.</summary>
internal readonly record struct ProtoField(int Number, int WireType)
{
    public bool IsVarint => WireType == 0;

    public bool IsBytes => WireType == 2;
}

/// <summary>Walks a protobuf message on a seekable stream, holding one small buffer whatever the file's size.</summary>
internal sealed class ProtoStream(Stream stream)
{
    private const int MaxText = 1 << 16;

    private readonly byte[] buffer = new byte[16 * 1024];
    private readonly long length = stream.Length;
    private long start;
    private int filled;
    private int next;

    private long Position => start + next;

    /// <summary>The next field before <paramref name="end"/>; null at the end.</summary>
    public ProtoField? ReadTag(long end)
    {
        if (Position > end)
            throw new InvalidDataException("A field goes beyond its message.");
        if (Position == end)
            return null;
        var tag = ReadVarint();
        if (tag is <= 0 or > uint.MaxValue || tag >> 3 == 0)
            throw new InvalidDataException("A field has no number.");
        return new ProtoField((int)(tag >> 3), (int)(tag & 7));
    }

    public long ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = ReadByte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return (long)value;
        }
        throw new InvalidDataException("A number is too long.");
    }

    /// <summary>Reads a length; returns where the field of that length ends.</summary>
    public long ReadEnd()
    {
        var size = ReadVarint();
        if (size < 0 || size > length - Position)
            throw new InvalidDataException("A field goes beyond the end of the file.");
        return Position + size;
    }

    public string ReadString()
    {
        var end = ReadEnd();
        var size = end - Position;
        if (size > MaxText)
            throw new InvalidDataException("A text is too long.");
        var text = new byte[size];
        for (var i = 0; i < text.Length; i++)
            text[i] = ReadByte();
        return Encoding.UTF8.GetString(text);
    }

    public void Skip(ProtoField field)
    {
        switch (field.WireType)
        {
            case 0: ReadVarint(); break;
            case 1: MoveTo(Position + 8); break;
            case 2: MoveTo(ReadEnd()); break;
            case 5: MoveTo(Position + 4); break;
            default: throw new InvalidDataException($"Wire type {field.WireType} is unknown.");
        }
    }

    private void MoveTo(long position)
    {
        if (position > length)
            throw new InvalidDataException("A field goes beyond the end of the file.");
        if (position <= start + filled)
        {
            next = (int)(position - start);
            return;
        }
        stream.Position = position;
        (start, filled, next) = (position, 0, 0);
    }

    private byte ReadByte()
    {
        if (next == filled)
        {
            start += filled;
            next = 0;
            filled = stream.Read(buffer);
            if (filled == 0)
                throw new InvalidDataException("The file ends in the middle of a field.");
        }
        return buffer[next++];
    }
}
