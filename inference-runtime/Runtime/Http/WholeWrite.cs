using System.Buffers;

namespace Sluice.Runtime.Http;

/// <summary>
/// Writing to a caller who may have gone. Asked for a size, the server's writer then gives memory to throw away; asked for none,
/// it gives none, and an answer that nobody is there to read would end in the log as a fault of ours.
/// </summary>
internal static class WholeWrite
{
    /// <summary>Much smaller than the server's blocks, so that their rests are used.</summary>
    private const int Piece = 512;

    public static void WriteWhole(this IBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var span = writer.GetSpan(Math.Min(bytes.Length, Piece));
            var size = Math.Min(bytes.Length, span.Length);
            bytes[..size].CopyTo(span);
            writer.Advance(size);
            bytes = bytes[size..];
        }
    }
}
