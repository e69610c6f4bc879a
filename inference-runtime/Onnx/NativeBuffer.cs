using System.Runtime.InteropServices;

namespace Sluice.Onnx;

/// <summary>Native memory, aligned for vector instructions, that grows and is reused call after call.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;
    private const nuint Smallest = 256;

    public byte* Pointer { get; private set; }

    public nuint Capacity { get; private set; }

    /// <summary>Makes room for <paramref name="bytes"/>; what was in the first <paramref name="used"/> bytes stays.</summary>
    /// <returns>True when the memory moved.</returns>
    public bool Reserve(nuint bytes, nuint used = 0)
    {
        if (bytes <= Capacity && Pointer is not null)
            return false;
        var wanted = Math.Max(Smallest, used > 0 ? Math.Max(bytes, Capacity * 2) : bytes);
        var moved = (byte*)NativeMemory.AlignedAlloc(wanted, Alignment);
        if (used > 0)
            NativeMemory.Copy(Pointer, moved, used);
        Free();
        Pointer = moved;
        Capacity = wanted;
        return true;
    }

    /// <summary>Gives memory back when one large call made the buffer larger than <paramref name="keep"/>.</summary>
    public bool Trim(nuint keep)
    {
        if (Capacity <= keep)
            return false;
        Free();
        return true;
    }

    public void Dispose() => Free();

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        Capacity = 0;
    }
}
