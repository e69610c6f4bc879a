using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Sluice.Runtime.Json;

/// <summary>
/// JSON text put together in one growing buffer that is reused answer after answer. It writes tokens; that they form a
/// document is the caller's duty.
/// </summary>
internal sealed class JsonBuffer : IBufferWriter<byte>
{
    private const int Keep = 256 * 1024;
    private static readonly JavaScriptEncoder Escape = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private byte[] bytes = new byte[1024];
    private int length;

    public int Length => length;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    public ReadOnlyMemory<byte> WrittenMemory => bytes.AsMemory(0, length);

    public void Clear()
    {
        length = 0;
        if (bytes.Length > Keep)
            bytes = new byte[1024];
    }

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Room(Math.Max(1, sizeHint));
        return bytes.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Room(Math.Max(1, sizeHint));
        return bytes.AsSpan(length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Byte(byte value)
    {
        Room(1);
        bytes[length++] = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw(ReadOnlySpan<byte> utf8)
    {
        Room(utf8.Length);
        utf8.CopyTo(bytes.AsSpan(length));
        length += utf8.Length;
    }

    /// <summary>Characters as they are; the caller knows that they need no escape.</summary>
    public void Ascii(string text)
    {
        Room(text.Length);
        length += Encoding.UTF8.GetBytes(text, bytes.AsSpan(length));
    }

    public void Number(long value)
    {
        Room(20);
        if (value is >= 0 and < 10)
        {
            bytes[length++] = (byte)('0' + value);
            return;
        }
        Utf8Formatter.TryFormat(value, bytes.AsSpan(length), out var written);
        length += written;
    }

    public void Number(ulong value)
    {
        Room(20);
        Utf8Formatter.TryFormat(value, bytes.AsSpan(length), out var written);
        length += written;
    }

    /// <summary>The shortest text that reads back as the same value; NaN and infinities as strings.</summary>
    public void Number(float value)
    {
        if (!float.IsFinite(value))
        {
            NotFinite(value);
            return;
        }
        Room(32);
        value.TryFormat(bytes.AsSpan(length), out var written, default, CultureInfo.InvariantCulture);
        length += written;
    }

    /// <inheritdoc cref="Number(float)"/>
    public void Number(double value)
    {
        if (!double.IsFinite(value))
        {
            NotFinite(value);
            return;
        }
        Room(32);
        value.TryFormat(bytes.AsSpan(length), out var written, default, CultureInfo.InvariantCulture);
        length += written;
    }

    public void Bool(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>A quoted and escaped string. Bytes that are not UTF-8 become U+FFFD: JSON cannot carry them.</summary>
    public void String(ReadOnlySpan<byte> utf8)
    {
        Byte((byte)'"');
        Escaped(utf8);
        Byte((byte)'"');
    }

    public void String(string text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        String(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    private void Escaped(ReadOnlySpan<byte> utf8)
    {
        var plain = Escape.FindFirstCharacterToEncodeUtf8(utf8);
        if (plain < 0)
        {
            Raw(utf8);
            return;
        }
        Raw(utf8[..plain]);
        var rest = utf8[plain..];
        while (rest.Length > 0)
        {
            Room(Math.Min(rest.Length, 1 << 20) + 64);
            Escape.EncodeUtf8(rest, bytes.AsSpan(length), out var read, out var written);
            length += written;
            rest = rest[read..];
        }
    }

    private void NotFinite(double value) =>
        Raw(double.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Room(int count)
    {
        if (bytes.Length - length < count)
            Grow(count);
    }

    private void Grow(int count) =>
        Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, Math.Max(2L * bytes.Length, (long)length + count)));
}
