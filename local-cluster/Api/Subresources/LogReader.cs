using System.Text;
using Sluice.LocalCluster.Api.Types;
using Sluice.LocalCluster.Kubelet.Logs;

namespace Sluice.LocalCluster.Api.Subresources;

/// <summary>One run of a container, as the files of its output.</summary>
internal sealed record LogSource(LogFiles Files, string PodUid, string Container, int Run);

/// <summary>
/// Copies the lines of a log to a client, and on the next call what was written since. The kubelet writes
/// <c>TIMESTAMP SPACE TEXT</c> and, when a file grows large, moves it aside and starts another.
/// </summary>
internal sealed class LogReader(LogSource source, LogOptions options, Stream output) : IAsyncDisposable
{
    readonly MemoryStream partial = new();
    FileStream? current;
    bool started;
    long written;

    /// <summary>As many bytes were written as the client wants.</summary>
    public bool IsFull => options.Limit is { } limit && written >= limit;

    public async Task CopyAsync(CancellationToken stop)
    {
        if (!started)
            await StartAsync(stop);
        else
            await ContinueAsync(stop);
        await output.FlushAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (current is not null)
            await current.DisposeAsync();
        await partial.DisposeAsync();
    }

    async Task StartAsync(CancellationToken stop)
    {
        var existing = source.Files.Existing(source.PodUid, source.Container, source.Run);
        if (existing.Count == 0)
            return;
        started = true;
        var lines = new List<byte[]>();
        foreach (var file in existing)
        {
            if (current is not null)
                await current.DisposeAsync();
            current = Open(file);
            await foreach (var line in LinesAsync(stop))
                lines.Add(line);
        }

        var first = options.Tail is { } tail ? (int)Math.Max(0, lines.Count - tail) : 0;
        foreach (var line in lines.Skip(first))
            await WriteAsync(line, stop);
    }

    async Task ContinueAsync(CancellationToken stop)
    {
        await foreach (var line in LinesAsync(stop))
            await WriteAsync(line, stop);
        var now = source.Files.Current(source.PodUid, source.Container, source.Run);
        // A file shorter than what was read of it is a new one: the old was moved aside.
        if (!File.Exists(now) || new FileInfo(now).Length >= current!.Position)
            return;
        await current.DisposeAsync();
        current = Open(now);
        await foreach (var line in LinesAsync(stop))
            await WriteAsync(line, stop);
    }

    static FileStream Open(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);

    async IAsyncEnumerable<byte[]> LinesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var chunk = new byte[64 * 1024];
        while (await current!.ReadAsync(chunk, stop) is > 0 and var read)
        {
            var at = 0;
            for (var end = chunk.AsSpan(0, read).IndexOf((byte)'\n'); end >= 0; end = chunk.AsSpan(at, read - at).IndexOf((byte)'\n'))
            {
                await partial.WriteAsync(chunk.AsMemory(at, end + 1), stop);
                at += end + 1;
                yield return partial.ToArray();
                partial.SetLength(0);
            }

            await partial.WriteAsync(chunk.AsMemory(at, read - at), stop);
        }
    }

    async Task WriteAsync(byte[] line, CancellationToken stop)
    {
        var space = line.AsSpan().IndexOf((byte)' ');
        if (options.Since is { } since && space > 0 && Scalars.ParseInstant(Encoding.ASCII.GetString(line, 0, space)) < since)
            return;
        var text = options.Timestamps || space < 0 ? line : line.AsMemory(space + 1);
        if (options.Limit is { } limit)
            text = text[..(int)Math.Min(text.Length, Math.Max(0, limit - written))];
        written += text.Length;
        await output.WriteAsync(text, stop);
    }
}
