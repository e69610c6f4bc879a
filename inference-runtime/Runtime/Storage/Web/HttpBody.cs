namespace Sluice.Runtime.Storage.Web;

/// <summary>A response's body that notices when it ends before its announced length.</summary>
internal sealed class HttpBody : Stream
{
    private readonly IDisposable response;
    private readonly Stream body;
    private readonly long? announced;
    private long received;

    /// <param name="response">Ends with the body.</param>
    /// <param name="body">As it comes.</param>
    /// <param name="announced">Bytes of it; null when the server did not say.</param>
    public HttpBody(IDisposable response, Stream body, long? announced) => (this.response, this.body, this.announced) = (response, body, announced);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => announced ?? throw new NotSupportedException();

    public override long Position
    {
        get => received;
        set => throw new NotSupportedException();
    }

    public static async Task<Stream> OpenAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        new HttpBody(response, await response.Content.ReadAsStreamAsync(cancellation), response.Content.Headers.ContentLength);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new TransientException($"the connection broke after {received} bytes", e);
        }
        received += read;
        if (read == 0 && announced is { } length && received < length)
            throw new TransientException($"only {received} of {length} bytes came");
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            response.Dispose();
        }
        base.Dispose(disposing);
    }
}
