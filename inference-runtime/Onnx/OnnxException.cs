using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Sluice.Onnx.Native;

namespace Sluice.Onnx;

/// <summary>What ONNX Runtime says went wrong (<c>OrtErrorCode</c>).</summary>
public enum OnnxErrorCode
{
    Fail = 1,
    InvalidArgument = 2,
    NoSuchFile = 3,
    NoModel = 4,
    EngineError = 5,
    RuntimeException = 6,
    InvalidProtobuf = 7,
    ModelLoaded = 8,
    NotImplemented = 9,
    InvalidGraph = 10,
    ExecutionProviderFail = 11,
    ModelLoadCanceled = 12,
    ModelRequiresCompilation = 13,
    NotFound = 14,
}

/// <summary>A call into ONNX Runtime failed. The message is ONNX Runtime's, without paths of its build machine.</summary>
public sealed partial class OnnxException(OnnxErrorCode code, string message) : Exception(message)
{
    public OnnxErrorCode Code { get; } = code;

    /// <summary>Reads and releases a status.</summary>
    internal static unsafe OnnxException Take(in OrtApi api, nint status)
    {
        var code = (OnnxErrorCode)api.GetErrorCode(status);
        var message = Marshal.PtrToStringUTF8((nint)api.GetErrorMessage(status)) ?? "unknown error";
        api.ReleaseStatus(status);
        return new OnnxException(code, WithoutSourceLocations(message));
    }

    /// <summary>
    /// Kernel failures begin with "/build/path/file.cc:123 signature " of the machine that built the library; a caller has no use for it.
    /// </summary>
    internal static string WithoutSourceLocations(string message) =>
        SourceLocation().Replace(message, string.Empty).Trim();

    [GeneratedRegex(@"/[^\s:]+\.(?:cc|h|cpp|hpp|cu|cuh):\d+\s+(?:[^\n]*?\)(?:\s*const)?(?:\s*\[with [^\]]*\])?\s+)?")]
    private static partial Regex SourceLocation();
}
