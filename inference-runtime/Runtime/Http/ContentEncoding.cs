using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Sluice.Runtime.Http;

/// <summary>A body to read, and its length where it is known.</summary>
internal readonly record struct OpenBody(PipeReader Reader, long? Length);

/// <summary>Undoes gzip on request bodies, within the bound that holds for plain ones.</summary>
internal static class ContentEncoding
{
    /// <exception cref="RequestException">415 for another encoding, 413 beyond the bound, 400 for broken gzip.</exception>
    public static ValueTask<OpenBody> OpenAsync(Exchange exchange, long maxBody)
    {
        var encoding = exchange.RequestHeaders.ContentEncoding;
        if (encoding.Count == 0)
            return ValueTask.FromResult(new OpenBody(exchange.Body, exchange.RequestHeaders.ContentLength));
        var name = encoding.ToString();
        if (string.Equals(name, "identity", StringComparison.OrdinalIgnoreCase))
            return ValueTask.FromResult(new OpenBody(exchange.Body, exchange.RequestHeaders.ContentLength));
        if (string.Equals(name, "gzip", StringComparison.OrdinalIgnoreCase))
            return GunzipAsync(exchange.Body, maxBody);
        throw new RequestException(415, $"Content-Encoding {Json.Excerpt.Of(name)} cannot be read here; send gzip or none.");
    }

    private static async ValueTask<OpenBody> GunzipAsync(PipeReader reader, long maxBody)
    {
        // The reader is completed by the server, not by the stream over it.
        await using var source = reader.AsStream(leaveOpen: true);
        await using var gzip = new GZipStream(source, CompressionMode.Decompress);
        var plain = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                var read = await gzip.ReadAsync(plain.GetMemory(16 * 1024));
                if (read == 0)
                    break;
                plain.Advance(read);
                if (plain.WrittenCount > maxBody)
                    throw new RequestException(413, $"The body unpacks to more than {maxBody} bytes, which is more than this server takes.");
            }
        }
        catch (InvalidDataException)
        {
            throw RequestException.Bad("The body is not valid gzip.");
        }
        return new OpenBody(PipeReader.Create(new ReadOnlySequence<byte>(plain.WrittenMemory)), plain.WrittenCount);
    }
}
