using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.Onnx.Native;

/// <summary>Names as NUL-terminated UTF-8 in native memory, so that a call passes pointers and copies nothing.</summary>
internal sealed unsafe class NativeNames
{
    private readonly List<nint> allocations = [];

    /// <summary>The pointer lives until <see cref="Free"/>.</summary>
    public byte* Add(string name)
    {
        var bytes = Encoding.UTF8.GetByteCount(name);
        var memory = (byte*)NativeMemory.Alloc((nuint)bytes + 1);
        Encoding.UTF8.GetBytes(name, new Span<byte>(memory, bytes));
        memory[bytes] = 0;
        allocations.Add((nint)memory);
        return memory;
    }

    public void Free()
    {
        foreach (var memory in allocations)
            NativeMemory.Free((void*)memory);
        allocations.Clear();
    }
}
