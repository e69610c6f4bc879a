using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Sluice.Runtime.Grpc.Framing;

/// <summary>Message compression by gzip, the one coding besides identity that this server takes and gives.</summary>
internal static class Compression
{
    public const string Gzip = "gzip";
    public const string Identity = "identity";

    /// <summary>For the header grpc-accept-encoding.</summary>
    public const string Accepted = "identity,gzip";

    private const int FirstRent = 16 * 1024;

    /// <summary>Whether a list of codings, as in grpc-accept-encoding, has gzip.</summary>
    public static bool Has(ReadOnlySpan<char> codings)
    {
        foreach (var range in codings.Split(','))
        {
            if (codings[range].Trim().Equals(Gzip, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <param name="limit">Bytes that may come out.</param>
    /// <param name="length">Bytes that came out, at the beginning of the result.</param>
    /// <returns>An array rented from the shared pool.</returns>
    /// <exception cref="GrpcException">It is not gzip, or more comes out than may.</exception>
    public static byte[] Inflate(ReadOnlyMemory<byte> message, long limit, out int length)
    {
        // What is announced is not known; memory grows with what has come out.
        var buffer = ArrayPool<byte>.Shared.Rent(FirstRent);
        length = 0;
        try
        {
            using var zipped = new SpanStream(message);
            using var gzip = new GZipStream(zipped, CompressionMode.Decompress);
            while (true)
            {
                var read = gzip.Read(buffer, length, buffer.Length - length);
                if (read == 0)
                {
                    CheckEnd(message.Span, length);
                    return buffer;
                }
                length += read;
                if (length > limit)
                    throw new GrpcException(
                        GrpcCode.ResourceExhausted, $"The message inflates to more than the {limit} bytes that this server takes.");
                if (length == buffer.Length)
                    buffer = Grow(buffer, limit);
            }
        }
        catch (InvalidDataException)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw new GrpcException(GrpcCode.InvalidArgument, "The message is announced as gzip and is none, or is damaged.");
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <returns>The compressed bytes.</returns>
    public static ReadOnlyMemory<byte> Deflate(ReadOnlySpan<byte> message)
    {
        using var zipped = new MemoryStream(message.Length / 2 + 64);
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(message);
        return zipped.GetBuffer().AsMemory(0, (int)zipped.Length);
    }

    /// <summary>
    /// The stream takes data that is cut off for its end; a whole member ends with its uncompressed length.
    /// </summary>
    private static void CheckEnd(ReadOnlySpan<byte> zipped, int length)
    {
        // Some clients write nothing at all for an empty message.
        if (zipped.IsEmpty)
            return;
        if (zipped.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(zipped[^sizeof(uint)..]) != (uint)length)
            throw new InvalidDataException();
    }

    private static byte[] Grow(byte[] buffer, long limit)
    {
        var larger = ArrayPool<byte>.Shared.Rent(
            (int)Math.Min(Array.MaxLength, Math.Min(2L * buffer.Length, Math.Max(limit + 1, buffer.Length + 1L))));
        buffer.CopyTo(larger.AsSpan());
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>Reads memory that may not lie in an array.</summary>
    private sealed class SpanStream(ReadOnlyMemory<byte> memory) : Stream
    {
        private ReadOnlyMemory<byte> rest = memory;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, rest.Length);
            rest.Span[..count].CopyTo(buffer);
            rest = rest[count..];
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
