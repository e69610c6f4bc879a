using System.Runtime.InteropServices;

namespace Sluice.Onnx.Native;

/// <summary>Finds and loads ONNX Runtime's shared library, and says precisely why when it cannot.</summary>
internal static unsafe class OrtLibrary
{
    public const string FileName = "libonnxruntime.so.1";

    /// <summary>Names another file to load instead of the one beside the program.</summary>
    public const string PathVariable = "SLUICE_ONNXRUNTIME";

    /// <summary>The library's own version, such as <c>1.30.0</c>, and its function table.</summary>
    public static (OrtApi Api, string Version) Load(string path)
    {
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            throw new OnnxLibraryException(
                File.Exists(path)
                    ? $"ONNX Runtime's library {path} cannot be loaded: {e.Message} It needs glibc 2.28 or newer and libstdc++."
                    : $"ONNX Runtime's library is not at {path}; it belongs beside the program, or {PathVariable} names it.");
        }
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var entry))
            throw new OnnxLibraryException($"{path} is not ONNX Runtime: it exports no OrtGetApiBase.");
        var getBase = (delegate* unmanaged<nint*>)entry;
        var apiBase = getBase();
        var getApi = (delegate* unmanaged<uint, nint*>)apiBase[0];
        var getVersion = (delegate* unmanaged<byte*>)apiBase[1];
        var version = Marshal.PtrToStringUTF8((nint)getVersion()) ?? "unknown";
        var table = getApi(OrtApi.Version);
        if (table is null)
        {
            throw new OnnxLibraryException(
                $"{path} is ONNX Runtime {version}, which does not offer API version {OrtApi.Version}; 1.23 or newer is needed.");
        }
        return (new OrtApi(table), version);
    }

    public static string DefaultPath() =>
        Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named
            ? named
            : Path.Combine(AppContext.BaseDirectory, FileName);
}
