using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Sluice.Runtime.Http;

/// <summary>A body to read, and its length where it is known. Dispose it once, when it is read.</summary>
/// <param name="Unpacked">What was packed, in an array of the shared pool.</param>
internal readonly record struct OpenBody(PipeReader Reader, long? Length, byte[]? Unpacked = null) : IDisposable
{
    public void Dispose()
    {
        if (Unpacked is not null)
            ContentEncoding.Done(Unpacked);
    }
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
        var plain = ArrayPool<byte>.Shared.Rent(FirstSize);
        try
        {
            var length = Unpack(packed.Memory, ref plain, maxBody);
            return new OpenBody(PipeReader.Create(new ReadOnlySequence<byte>(plain, 0, length)), length, plain);
        }
        catch
        {
            Done(plain);
            throw;
        }
    }

    /// <summary>Lets the next packed body be unpacked.</summary>
    internal static void Done(byte[] plain)
    {
        ArrayPool<byte>.Shared.Return(plain);
        Turns.Release();
    }

    private static int Unpack(ReadOnlyMemory<byte> packed, ref byte[] plain, long maxBody)
    {
        using var source = PipeReader.Create(new ReadOnlySequence<byte>(packed)).AsStream();
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        var used = 0;
        try
        {
            while (gzip.Read(plain, used, plain.Length - used) is var read and > 0)
            {
                used += read;
                if (used > maxBody)
                    throw new RequestException(413, $"The body unpacks to more than {maxBody} bytes, which is more than this server takes.");
                if (used == plain.Length)
                    plain = Grow(plain, maxBody);
            }
        }
        catch (InvalidDataException)
        {
            throw RequestException.Bad("The body is not valid gzip.");
        }
        return used;
    }

    /// <param name="full">Holds no more than <paramref name="maxBody"/>.</param>
    private static byte[] Grow(byte[] full, long maxBody)
    {
        var larger = ArrayPool<byte>.Shared.Rent(
            (int)Math.Min(Array.MaxLength, Math.Min(2L * full.Length, Math.Max(maxBody, full.Length) + 1)));
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
