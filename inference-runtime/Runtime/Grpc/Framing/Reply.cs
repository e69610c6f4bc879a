using System.Buffers;
using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Grpc.Wire;

namespace Sluice.Runtime.Grpc.Framing;

/// <summary>Sends messages: each with its compressed-flag and length before it.</summary>
internal static class Reply
{
    /// <summary>Below this, gzip makes a message longer or no shorter to speak of.</summary>
    private const int WorthCompressing = 1024;

    /// <summary>Whether an answer of this length goes out compressed.</summary>
    public static bool Compresses(GrpcExchange exchange, long length) => exchange.AnswersGzip && length >= WorthCompressing;

    /// <summary>Begins an uncompressed message: exactly <paramref name="length"/> bytes must follow.</summary>
    public static ProtoWriter Begin(IBufferWriter<byte> answer, uint length)
    {
        var writer = new ProtoWriter(answer);
        writer.Byte(0);
        writer.BigEndian(length);
        return writer;
    }

    /// <summary>Sends a message that has been put together elsewhere.</summary>
    public static void Send(GrpcExchange exchange, ReadOnlySpan<byte> message)
    {
        if (!Compresses(exchange, message.Length))
        {
            var plain = Begin(exchange.Answer, (uint)message.Length);
            plain.Raw(message);
            plain.Flush();
            return;
        }
        exchange.SetEncoding(Compression.Gzip);
        var zipped = Compression.Deflate(message).Span;
        var writer = new ProtoWriter(exchange.Answer);
        writer.Byte(1);
        writer.BigEndian((uint)zipped.Length);
        writer.Raw(zipped);
        writer.Flush();
    }
}
