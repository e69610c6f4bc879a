using System.Buffers;

namespace Sluice.Runtime.Payloads;

/// <summary>Writes each event as a line of JSON to a file or the standard output.</summary>
internal sealed class LineSink(string? file) : IPayloadSink
{
    private readonly ArrayBufferWriter<byte> lines = new();
    private Stream? stream;

    /// <summary>Lines must not mix.</summary>
    public int Senders => 1;

    public async Task<Delivery> SendAsync(IReadOnlyList<PayloadEvent> events, CancellationToken cancellation)
    {
        lines.ResetWrittenCount();
        foreach (var of in events)
        {
            CloudEventJson.Write(of, lines);
            lines.Write("\n"u8);
        }
        try
        {
            stream ??= file is null
                ? Console.OpenStandardOutput()
                : new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
            await stream.WriteAsync(lines.WrittenMemory, cancellation);
            await stream.FlushAsync(cancellation);
            return Delivery.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Delivery.Failed;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (stream is not null)
            await stream.DisposeAsync();
    }
}
