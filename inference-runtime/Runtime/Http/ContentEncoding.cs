using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Sluice.Runtime.Http;

/// <summary>A body to read, and its length where it is known. Dispose it when it is read.</summary>
internal readonly record struct OpenBody(PipeReader Reader, long? Length, SemaphoreSlim? Turn = null) : IDisposable
{
    /// <summary>Lets the next packed body be unpacked.</summary>
    public void Dispose() => Turn?.Release();
}

/// <summary>Undoes gzip on request bodies, within the bound that holds for plain ones.</summary>
internal static class ContentEncoding
{
    private const int FirstSize = 16 * 1024;

    /// <summary>
    /// A few bytes can unpack to the bound, so only so many are unpacked and read at a time. It is work for a CPU
    /// without any waiting on the network: more at a time would not be faster.
    /// </summary>
    private static readonly SemaphoreSlim Turns = new(Environment.ProcessorCount);

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
            return GunzipAsync(exchange, maxBody);
        throw new RequestException(415, $"Content-Encoding {Json.Excerpt.Of(name)} cannot be read here; send gzip or none.");
    }

    private static async ValueTask<OpenBody> GunzipAsync(Exchange exchange, long maxBody)
    {
        using var packed = await RequestBody.ReadAsync(exchange.Body, exchange.RequestHeaders.ContentLength, default);
        await Turns.WaitAsync(exchange.Aborted);
        try
        {
            var plain = Unpack(packed.Memory, maxBody);
            return new OpenBody(PipeReader.Create(new ReadOnlySequence<byte>(plain)), plain.Length, Turns);
        }
        catch
        {
            Turns.Release();
            throw;
        }
    }

    private static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> packed, long maxBody)
    {
        using var source = PipeReader.Create(new ReadOnlySequence<byte>(packed)).AsStream();
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        var plain = new byte[FirstSize];
        var used = 0;
        try
        {
            while (gzip.Read(plain, used, plain.Length - used) is var read and > 0)
            {
                used += read;
                if (used > maxBody)
                    throw new RequestException(413, $"The body unpacks to more than {maxBody} bytes, which is more than this server takes.");
                if (used == plain.Length)
                    Array.Resize(ref plain, (int)Math.Min(Array.MaxLength, Math.Min(2L * used, Math.Max(maxBody, used) + 1)));
            }
        }
        catch (InvalidDataException)
        {
            throw RequestException.Bad("The body is not valid gzip.");
        }
        return plain.AsMemory(0, used);
    }
}
