using System.Buffers.Binary;
using System.IO.Compression;
using Sluice.Runtime.Hosting;

namespace Sluice.Runtime.Http;

/// <summary>
/// Undoes gzip for all ports. A few bytes can unpack to the bound of a body, so what is unpacked at a time is bounded, too:
/// bodies wait for the memory of those before them. A body says its unpacked size in its last four bytes (RFC 1952), so
/// exactly that is reserved, and what turns out to be of another size is refused.
/// </summary>
/// <param name="total">Bytes that the unpacked bodies may take together, and each of them alone.</param>
internal sealed class Unpacking(long total)
{
    private const int Scratch = 16 * 1024;

    private readonly ByteBudget budget = new(total);

    /// <param name="packed">One gzip member; nothing at all is taken for an empty body, as some clients send it.</param>
    /// <param name="cancellation">Ends the waiting for memory.</param>
    /// <returns>The caller disposes it. Null when more than the total comes out.</returns>
    /// <exception cref="InvalidDataException">It is not gzip, damaged or cut off.</exception>
    public async ValueTask<UnpackedBody?> GunzipAsync(ReadOnlyMemory<byte> packed, CancellationToken cancellation)
    {
        var size = SizeOf(packed.Span);
        if (Math.Max(size, packed.Length) > EventThread.SmallBytes)
            await EventThread.Leave();
        if (size > total)
            return ReallyExceeds(packed) ? null : throw new InvalidDataException();
        await budget.EnterAsync(size, cancellation);
        var body = new UnpackedBody(budget, (int)size);
        try
        {
            Fill(packed, body.GetSpan());
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static long SizeOf(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty)
            return 0;
        return packed.Length > sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(packed[^sizeof(uint)..]) : throw new InvalidDataException();
    }

    /// <summary>Damage may announce any size; memory is not needed to find out.</summary>
    private bool ReallyExceeds(ReadOnlyMemory<byte> packed)
    {
        using var gzip = Open(packed);
        Span<byte> scratch = stackalloc byte[Scratch];
        long size = 0;
        while (size <= total && gzip.Read(scratch) is var read and > 0)
            size += read;
        return size > total;
    }

    private static void Fill(ReadOnlyMemory<byte> packed, Span<byte> target)
    {
        using var gzip = Open(packed);
        var rest = target[gzip.ReadAtLeast(target, target.Length, throwOnEndOfStream: false)..];
        Span<byte> more = stackalloc byte[1];
        if (!rest.IsEmpty || gzip.Read(more) != 0)
            throw new InvalidDataException();
    }

    private static GZipStream Open(ReadOnlyMemory<byte> packed) => new(new MemoryReading(packed), CompressionMode.Decompress);
}
