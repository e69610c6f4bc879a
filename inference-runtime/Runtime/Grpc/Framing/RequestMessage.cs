using System.Buffers;
using System.Buffers.Binary;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Grpc.Framing;

/// <summary>
/// The one message of a unary call: in place where the body lies, or inflated into a rented array. Dispose it when it
/// has been read.
/// </summary>
internal readonly struct RequestMessage : IDisposable
{
    /// <summary>Compressed-flag and length before every message.</summary>
    public const int PrefixLength = 5;

    private readonly RequestBody body;
    private readonly byte[]? rented;

    private RequestMessage(RequestBody body, ReadOnlyMemory<byte> memory)
    {
        this.body = body;
        Memory = memory;
    }

    private RequestMessage(RequestBody body, byte[] rented, int length)
    {
        this.body = body;
        this.rented = rented;
        Memory = rented.AsMemory(0, length);
    }

    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>Whether it came compressed.</summary>
    public bool WasCompressed => rented is not null;

    /// <param name="body">The whole body; the message owns it from here on, also when this throws.</param>
    /// <param name="gzip">Whether the header grpc-encoding names gzip.</param>
    /// <exception cref="GrpcException">The body is not exactly one message, or cannot be inflated.</exception>
    public static RequestMessage Open(RequestBody body, bool gzip, long limit)
    {
        try
        {
            var (message, compressed) = Frame(body.Memory, limit);
            if (!compressed)
                return new RequestMessage(body, message);
            if (!gzip)
            {
                throw new GrpcException(
                    GrpcCode.Internal, "The message is flagged as compressed, but the header grpc-encoding names no coding.");
            }
            var inflated = Compression.Inflate(message, limit, out var length);
            return new RequestMessage(body, inflated, length);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        body.Dispose();
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private static (ReadOnlyMemory<byte> Message, bool Compressed) Frame(ReadOnlyMemory<byte> body, long limit)
    {
        var bytes = body.Span;
        if (bytes.Length < PrefixLength)
            throw Bad($"The body has {bytes.Length} bytes; a message begins with {PrefixLength} bytes that say how long it is.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        if (length > limit)
        {
            throw new GrpcException(
                GrpcCode.ResourceExhausted, $"The message has {length} bytes; this server takes {limit}.");
        }
        var rest = bytes.Length - PrefixLength;
        if (length > rest)
            throw Bad($"The message is announced with {length} bytes and ends after {rest}.");
        if (length < rest)
            throw Bad($"After the message of {length} bytes come {rest - length} more; this call takes one message.");
        if (bytes[0] > 1)
            throw Bad($"The message's compressed-flag is {bytes[0]}; it can be 0 or 1.");
        return (body[PrefixLength..], bytes[0] == 1);
    }

    private static GrpcException Bad(string message) => new(GrpcCode.InvalidArgument, message);
}
