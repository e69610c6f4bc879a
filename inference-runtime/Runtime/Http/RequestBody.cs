using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Sluice.Runtime.Hosting;

namespace Sluice.Runtime.Http;

/// <summary>
/// A request's whole body as one piece: in place when the server already holds it in one, else copied into a rented
/// array. Dispose it before the answer is sent.
/// </summary>
internal readonly struct RequestBody : IDisposable
{
    private const int FirstRent = 16 * 1024;

    private readonly PipeReader? reader;
    private readonly SequencePosition end;
    private readonly byte[]? rented;

    private RequestBody(PipeReader reader, ReadOnlySequence<byte> whole)
    {
        (this.reader, end) = (reader, whole.End);
        Memory = whole.First;
    }

    private RequestBody(byte[] rented, int length)
    {
        this.rented = rented;
        Memory = rented.AsMemory(0, length);
    }

    public ReadOnlyMemory<byte> Memory { get; }

    public static ValueTask<RequestBody> ReadAsync(PipeReader reader, long? length, CancellationToken cancellation)
    {
        var reading = reader.ReadAsync(cancellation);
        if (reading.IsCompletedSuccessfully)
        {
            var result = reading.Result;
            return result.IsCompleted && result.Buffer.IsSingleSegment
                ? ValueTask.FromResult(new RequestBody(reader, result.Buffer))
                : Gather(reader, new ValueTask<ReadResult>(result), length, cancellation);
        }
        return Gather(reader, reading, length, cancellation);
    }

    public void Dispose()
    {
        reader?.AdvanceTo(end);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>A body that comes in several pieces is the common case over HTTP/2, so what waits for it is used again.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<RequestBody> Gather(
        PipeReader reader, ValueTask<ReadResult> reading, long? length, CancellationToken cancellation)
    {
        // The announced length is trusted only as far as bytes arrive, so that a lie reserves nothing.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(length ?? FirstRent, 1 << 20));
        var used = 0;
        try
        {
            while (true)
            {
                var result = await reading;
                var part = result.Buffer;
                if (part.Length > buffer.Length - used)
                    buffer = Grow(buffer, used, checked((int)part.Length), length);
                part.CopyTo(buffer.AsSpan(used));
                used += (int)part.Length;
                reader.AdvanceTo(part.End);
                if (result.IsCompleted)
                {
                    // Whoever reads it now takes long.
                    if (used > EventThread.SmallBytes)
                        await EventThread.Leave();
                    return new RequestBody(buffer, used);
                }
                reading = reader.ReadAsync(cancellation);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] buffer, int used, int more, long? length)
    {
        var wanted = Math.Max((long)used + more, Math.Min(2L * buffer.Length, length ?? long.MaxValue));
        var larger = ArrayPool<byte>.Shared.Rent(checked((int)wanted));
        buffer.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
