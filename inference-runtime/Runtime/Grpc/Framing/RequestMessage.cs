using System.Buffers.Binary;
using Sluice.Runtime.Http;

namespace Sluice.Runtime.Grpc.Framing;

/// <summary>
/// The one message of a unary call: in place where the body lies, or inflated. Dispose it when it
/// has been read.
/// </summary>
internal readonly struct RequestMessage : IDisposable
{
    /// <summary>Compressed-flag and length before every message.</summary>
    public const int PrefixLength = 5;

    private readonly RequestBody body;
    private readonly UnpackedBody? inflated;

    private RequestMessage(RequestBody body, ReadOnlyMemory<byte> memory)
    {
        this.body = body;
        Memory = memory;
    }

    private RequestMessage(RequestBody body, UnpackedBody inflated)
    {
        this.body = body;
        this.inflated = inflated;
        Memory = inflated.Memory;
    }

    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>Whether it came compressed.</summary>
    public bool WasCompressed => inflated is not null;

    /// <param name="body">The whole body; the message owns it from here on, also when this throws.</param>
    /// <param name="gzip">Whether the header grpc-encoding names gzip.</param>
    /// <param name="limit">Bytes that the message may have, also inflated.</param>
    /// <param name="cancellation">Ends the waiting for memory to inflate into.</param>
    /// <exception cref="GrpcException">The body is not exactly one message, or cannot be inflated.</exception>
    public static ValueTask<RequestMessage> OpenAsync(
        RequestBody body, bool gzip, long limit, Unpacking unpacking, CancellationToken cancellation)
    {
        try
        {
            var (message, compressed) = Frame(body.Memory, limit);
            if (!compressed)
                return ValueTask.FromResult(new RequestMessage(body, message));
            if (!gzip)
            {
                throw new GrpcException(
                    GrpcCode.Internal, "The message is flagged as compressed, but the header grpc-encoding names no coding.");
            }
            return InflateAsync(body, message, limit, unpacking, cancellation);
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
        inflated?.Dispose();
    }

    private static async ValueTask<RequestMessage> InflateAsync(
        RequestBody body, ReadOnlyMemory<byte> message, long limit, Unpacking unpacking, CancellationToken cancellation)
    {
        try
        {
            var plain = await unpacking.GunzipAsync(message, cancellation)
                ?? throw new GrpcException(
                    GrpcCode.ResourceExhausted, $"The message inflates to more than the {limit} bytes that this server takes.");
            return new RequestMessage(body, plain);
        }
        catch (InvalidDataException)
        {
            body.Dispose();
            throw new GrpcException(GrpcCode.InvalidArgument, "The message is announced as gzip and is none, or is damaged.");
        }
        catch
        {
            body.Dispose();
            throw;
        }
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
