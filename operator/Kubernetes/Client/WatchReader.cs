using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Client;

/// <summary>
/// Frames a watch by lines and reads each in two steps, envelope and object: an object that does not fit its type is
/// delivered as broken and the stream goes on. A last line without its newline was cut and is dropped; the server
/// sends it again, because the resource version did not advance.
/// </summary>
internal sealed class WatchReader<T>(Stream body, string path, TimeSpan? serverTimeout, TimeProvider time)
    where T : class, IKubeObject<T>
{
    // The server ends a watch at its timeout. If nothing has come for that long and a little more, the connection is
    // dead although TCP has not noticed.
    private static readonly TimeSpan IdleGrace = TimeSpan.FromSeconds(5);

    // etcd refuses values above 1.5 MB; a line far beyond that is not a Kubernetes event.
    private const long MaxLine = 32 << 20;

    // How much of the buffer is known to hold no line end; a long line is looked through once.
    private long _searched;

    public async IAsyncEnumerable<WatchEvent<T>> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 16 << 10, leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await NextAsync(pipe, cancel);
                var buffer = read.Buffer;
                while (TryCutLine(ref buffer, out var line))
                {
                    if (!line.IsEmpty)
                        yield return Parse(line);
                }

                if (buffer.Length > MaxLine)
                    throw new InvalidDataException($"WATCH {path}: a line is longer than {MaxLine} bytes.");
                pipe.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                    yield break;
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private async ValueTask<ReadResult> NextAsync(PipeReader pipe, CancellationToken cancel)
    {
        if (serverTimeout is not { } limit)
            return await pipe.ReadAsync(cancel);
        using var idle = new CancellationTokenSource(limit + IdleGrace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, idle.Token);
        try
        {
            return await pipe.ReadAsync(either.Token);
        }
        catch (OperationCanceledException e) when (idle.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"WATCH {path}: silent for {limit + IdleGrace}, although the server was to end it after {limit}.", e);
        }
    }

    private bool TryCutLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.Slice(_searched).PositionOf((byte)'\n') is not { } end)
        {
            _searched = buffer.Length;
            line = default;
            return false;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        _searched = 0;
        return true;
    }

    private WatchEvent<T> Parse(ReadOnlySequence<byte> line)
    {
        WatchEnvelope envelope;
        try
        {
            var reader = new Utf8JsonReader(line);
            envelope = JsonSerializer.Deserialize(ref reader, ClientJson.Default.WatchEnvelope)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"WATCH {path}: a line is not a watch event: {e.Message}", e);
        }

        return envelope.Type switch
        {
            "ADDED" => Event(WatchEventType.Added, envelope.Object),
            "MODIFIED" => Event(WatchEventType.Modified, envelope.Object),
            "DELETED" => Event(WatchEventType.Deleted, envelope.Object),
            "BOOKMARK" => new WatchEvent<T>(WatchEventType.Bookmark, null, null, ObjectReader.ResourceVersion(envelope.Object)),
            "ERROR" => throw Error(envelope.Object),
            _ => throw new InvalidDataException($"WATCH {path}: unknown event type '{envelope.Type}'."),
        };
    }

    private static WatchEvent<T> Event(WatchEventType type, JsonElement json)
    {
        var (item, broken) = ObjectReader.Read<T>(json);
        return new WatchEvent<T>(type, item, broken, ObjectReader.ResourceVersion(json));
    }

    private KubeApiException Error(JsonElement json)
    {
        Status? status = null;
        try
        {
            status = json.Deserialize(KubeJson.Default.Status);
        }
        catch (JsonException)
        {
            // An error that cannot be read is still an error; the code below says so.
        }

        return new KubeApiException((HttpStatusCode)(status?.Code ?? 500), status, retryAfter: null, "WATCH " + path);
    }
}
