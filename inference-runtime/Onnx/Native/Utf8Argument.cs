using System.Runtime.InteropServices;

namespace Sluice.Onnx.Native;

/// <summary>A string as a NUL-terminated UTF-8 argument for the length of one call.</summary>
internal readonly unsafe ref struct Utf8Argument(string text)
{
    private readonly nint memory = Marshal.StringToCoTaskMemUTF8(text);

    public byte* Pointer => (byte*)memory;

    public void Dispose() => Marshal.FreeCoTaskMem(memory);
}
