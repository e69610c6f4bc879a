using System.Buffers.Binary;
using System.Numerics;

namespace Sluice.Monitoring.Feedback;

/// <summary>
/// Short stand-ins for ids and texts, which would fill the memory: 64 bits, so that among ten thousand the odds of two
/// being alike are one in a hundred billion.
/// </summary>
public static class Identity
{
    private const ulong Odd = 0x9E3779B97F4A7C15;

    public static ulong Of(ReadOnlySpan<byte> text)
    {
        var hash = Odd ^ (ulong)text.Length;
        for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..])
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        rest.Clear();
        text.CopyTo(rest);
        return Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(rest));
    }

    /// <summary>One row of a request.</summary>
    public static ulong Of(ulong request, int row) => row == 0 ? request : Mix(request + ((ulong)row * Odd));

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93;
        x = (x ^ (x >> 29)) * 0xBF58476D1CE4E5B9;
        return BitOperations.RotateLeft(x ^ (x >> 32), 17);
    }
}
