using System.Runtime.InteropServices;

namespace Sluice.LocalCluster.Kubelet.Processes;

/// <summary>A NULL-ended <c>char*[]</c> of UTF-8 strings in native memory.</summary>
internal sealed unsafe class StringVector : IDisposable
{
    private readonly byte** _items;
    private readonly int _count;

    internal StringVector(IReadOnlyCollection<string> values)
    {
        _count = values.Count;
        _items = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
        var index = 0;
        foreach (var value in values)
            _items[index++] = (byte*)Marshal.StringToCoTaskMemUTF8(value);
    }

    internal byte** Pointer => _items;

    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
            Marshal.FreeCoTaskMem((nint)_items[i]);
        NativeMemory.Free(_items);
    }
}
