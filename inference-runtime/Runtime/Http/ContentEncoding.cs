using System.Buffers;
using System.IO.Pipelines;

namespace Sluice.Runtime.Http;

/// <summary>A body to read, and its length where it is known. Dispose it once, when it is read.</summary>
/// <param name="Unpacked">What was packed.</param>
internal readonly record struct OpenBody(PipeReader Reader, long? Length, UnpackedBody? Unpacked = null) : IDisposable
{
    public void Dispose() => Unpacked?.Dispose();
}

/// <summary>Undoes gzip on request bodies, within the bound that holds for plain ones.</summary>
internal static class ContentEncoding
{
    /// <exception cref="RequestException">415 for another encoding, 413 beyond the bound, 400 for broken gzip.</exception>
    public static ValueTask<OpenBody> OpenAsync(Exchange exchange, Hosting.ServingState state)
    {
        var encoding = exchange.RequestHeaders.ContentEncoding;
        if (encoding.Count == 0)
            return ValueTask.FromResult(new OpenBody(exchange.Body, exchange.RequestHeaders.ContentLength));
        var name = encoding.ToString();
        if (string.Equals(name, "identity", StringComparison.OrdinalIgnoreCase))
            return ValueTask.FromResult(new OpenBody(exchange.Body, exchange.RequestHeaders.ContentLength));
        if (string.Equals(name, "gzip", StringComparison.OrdinalIgnoreCase))
            return GunzipAsync(exchange, state);
        throw new RequestException(415, $"Content-Encoding {Json.Excerpt.Of(name)} cannot be read here; send gzip or none.");
    }

    private static async ValueTask<OpenBody> GunzipAsync(Exchange exchange, Hosting.ServingState state)
    {
        using var packed = await RequestBody.ReadAsync(exchange.Body, exchange.RequestHeaders.ContentLength, default);
        try
        {
            var plain = await state.Unpacking.GunzipAsync(packed.Memory, exchange.Aborted)
                ?? throw new RequestException(413, $"The body unpacks to more than {state.MaxBody} bytes, which is more than this server takes.");
            return new OpenBody(PipeReader.Create(new ReadOnlySequence<byte>(plain.Memory)), plain.Memory.Length, plain);
        }
        catch (InvalidDataException)
        {
            throw RequestException.Bad("The body is not valid gzip.");
        }
    }
}
