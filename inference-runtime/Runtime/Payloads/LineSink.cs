using System.Buffers;

namespace Sluice.Runtime.Payloads;

/// <summary>
/// Writes each event as a line of JSON. A pipe that nobody empties and a volume that hangs take a write for as long as
/// they like; who waits for it can be told to stop, and the same events that are handed over again are not written twice.
/// </summary>
internal sealed class LineSink(Func<ReadOnlyMemory<byte>, Task> write, Func<ValueTask> close) : IPayloadSink
{
    private readonly ArrayBufferWriter<byte> lines = new();
    private Task writing = Task.CompletedTask;
    private PayloadEvent? first;

    /// <summary>Lines must not mix.</summary>
    public int Senders => 1;

    /// <summary>The standard output.</summary>
    public static LineSink ToOutput()
    {
        var stream = Console.OpenStandardOutput();
        return To(() => stream);
    }

    /// <summary>One file, without a bound.</summary>
    public static LineSink ToFile(string path) =>
        To(() => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true));

    /// <summary>A write and the waking of a thread for each line would cost more than the line.</summary>
    public int Together => 256;

    public TimeSpan Gathering => TimeSpan.FromMilliseconds(100);

    public static LineSink ToFolder(RotatingFiles files) => new(files.WriteAsync, files.DisposeAsync);

    public async Task<Delivery> SendAsync(IReadOnlyList<PayloadEvent> events, CancellationToken cancellation)
    {
        var isAgain = ReferenceEquals(first, events[0]);
        try
        {
            // What an earlier attempt began may still be under way, and has the buffer.
            await writing.WaitAsync(cancellation);
            if (isAgain)
                return Delivery.Done;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // That attempt has failed, and said so to whoever waited for it.
        }
        try
        {
            lines.ResetWrittenCount();
            foreach (var of in events)
            {
                CloudEventJson.Write(of, lines);
                lines.Write("\n"u8);
            }
            first = events[0];
            // Not on this thread, which would hang with it.
            writing = Task.Run(() => write(lines.WrittenMemory), CancellationToken.None);
            await writing.WaitAsync(cancellation);
            return Delivery.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Delivery.Failed;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // One that hangs goes with the process.
        if (writing.IsCompleted)
            await close();
    }

    private static LineSink To(Func<Stream> open)
    {
        Stream? stream = null;
        return new LineSink(
            async lines =>
            {
                stream ??= open();
                await stream.WriteAsync(lines);
                await stream.FlushAsync();
            },
            async () =>
            {
                if (stream is not null)
                    await stream.DisposeAsync();
            });
    }
}
