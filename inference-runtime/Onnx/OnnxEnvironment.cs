using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sluice.Onnx.Native;

namespace Sluice.Onnx;

/// <summary>ONNX Runtime's severities (<c>OrtLoggingLevel</c>).</summary>
public enum OnnxLogLevel
{
    Verbose = 0,
    Info = 1,
    Warning = 2,
    Error = 3,
    Fatal = 4,
}

/// <summary>
/// ONNX Runtime in this process: the loaded library, its one environment and what sessions share. ONNX Runtime allows
/// one environment per process, so there is one and it lives as long as the process.
/// </summary>
public sealed unsafe class OnnxEnvironment
{
    private static readonly Lazy<OnnxEnvironment> Shared = new(() => new OnnxEnvironment(OrtLibrary.DefaultPath()));
    private static Action<OnnxLogLevel, string, string>? sink;

    private OnnxEnvironment(string library)
    {
        (Api, Version) = OrtLibrary.Load(library);
        nint environment, memory, allocator;
        using var id = new Utf8Argument("sluice");
        delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, byte*, byte*, void> logger = &Receive;
        Api.Check(Api.CreateEnvWithCustomLogger((nint)logger, 0, (int)OnnxLogLevel.Warning, id.Pointer, &environment));
        Api.Check(Api.DisableTelemetryEvents(environment));
        Api.Check(Api.CreateCpuMemoryInfo(0, 0, &memory));
        Api.Check(Api.GetAllocatorWithDefaultOptions(&allocator));
        (Environment, CpuMemory, Allocator) = (environment, memory, allocator);
        BuildInfo = Marshal.PtrToStringUTF8((nint)Api.GetBuildInfoString()) ?? string.Empty;
    }

    /// <exception cref="OnnxLibraryException">The library cannot be loaded.</exception>
    public static OnnxEnvironment Instance => Shared.Value;

    /// <summary>
    /// Receives what ONNX Runtime would print to stderr: severity, category, message. Called on its threads and on
    /// every failing request, so the receiver must be quick and must limit itself.
    /// </summary>
    public static Action<OnnxLogLevel, string, string>? LogSink
    {
        get => Volatile.Read(ref sink);
        set => Volatile.Write(ref sink, value);
    }

    /// <summary>The library's version, such as <c>1.30.0</c>.</summary>
    public string Version { get; }

    /// <summary>Compiler, flags and commit of the library.</summary>
    public string BuildInfo { get; }

    internal OrtApi Api { get; }

    internal nint Environment { get; }

    internal nint CpuMemory { get; }

    internal nint Allocator { get; }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Receive(nint context, int severity, byte* category, byte* id, byte* location, byte* message)
    {
        // An exception must not unwind into native frames, so a faulty sink is silent.
        try
        {
            LogSink?.Invoke(
                (OnnxLogLevel)severity,
                Marshal.PtrToStringUTF8((nint)category) ?? string.Empty,
                OnnxException.WithoutSourceLocations(Marshal.PtrToStringUTF8((nint)message) ?? string.Empty));
        }
        catch (Exception)
        {
            return;
        }
    }
}
