using System.Buffers;
using System.Runtime.InteropServices;

namespace Sluice.Runtime.Http;

/// <summary>Native memory of a known size, given back at once when disposed: the collector would keep it for a while.</summary>
internal sealed unsafe class UnpackedBody(ByteBudget budget, int length) : MemoryManager<byte>
{
    private byte* bytes = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, length));

    public override Span<byte> GetSpan() => new(bytes, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(bytes + elementIndex);

    public override void Unpin()
    {
        // Native memory does not move.
    }

    public void Dispose() => ((IDisposable)this).Dispose();

    protected override void Dispose(bool disposing)
    {
        if (bytes is null)
            return;
        NativeMemory.Free(bytes);
        bytes = null;
        budget.Exit(length);
    }
}
