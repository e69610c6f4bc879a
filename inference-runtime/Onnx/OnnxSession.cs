using System.Collections.Immutable;
using Sluice.Onnx.Native;

namespace Sluice.Onnx;

/// <summary>
/// A loaded model. Calls go through frames (<see cref="NewFrame"/>); disposing the session while frames are out frees
/// the native memory when the last of them is disposed.
/// </summary>
public sealed unsafe class OnnxSession : IDisposable
{
    private readonly SessionHandle handle;
    private bool disposed;

    private OnnxSession(OnnxEnvironment environment, SessionHandle handle)
    {
        Environment = environment;
        this.handle = handle;
        Inputs = SessionReader.Inputs(environment, handle.Pointer);
        Outputs = SessionReader.Outputs(environment, handle.Pointer);
        OverridableInitializers = SessionReader.OverridableInitializers(environment, handle.Pointer);
        Metadata = SessionReader.Metadata(environment, handle.Pointer);
        Feeds = [.. Inputs, .. OverridableInitializers];
        FeedNames = [.. Feeds.Select(v => (nint)handle.Names.Add(v.Name))];
        OutputNames = [.. Outputs.Select(v => (nint)handle.Names.Add(v.Name))];
    }

    public ImmutableArray<ValueInfo> Inputs { get; }

    public ImmutableArray<ValueInfo> Outputs { get; }

    /// <summary>Initializers that a call may replace; they are optional inputs.</summary>
    public ImmutableArray<ValueInfo> OverridableInitializers { get; }

    /// <summary>What a call can feed: the inputs, then the overridable initializers.</summary>
    public ImmutableArray<ValueInfo> Feeds { get; }

    public ModelMetadata Metadata { get; }

    internal OnnxEnvironment Environment { get; }

    internal ImmutableArray<nint> FeedNames { get; }

    internal ImmutableArray<nint> OutputNames { get; }

    internal SessionHandle Handle => handle;

    /// <summary>Loads a model file (.onnx with its external data beside it, or .ort).</summary>
    /// <exception cref="OnnxException">The file is missing, damaged, or uses an operator that ONNX Runtime lacks.</exception>
    public static OnnxSession Load(string path, SessionSettings settings)
    {
        using var file = new Utf8Argument(path);
        return Create(settings, file.Pointer, length: null);
    }

    /// <summary>Loads a model that is in memory, without external data.</summary>
    /// <exception cref="OnnxException">The model is damaged, or uses an operator that ONNX Runtime lacks.</exception>
    public static OnnxSession Load(ReadOnlySpan<byte> model, SessionSettings settings)
    {
        fixed (byte* bytes = model)
            return Create(settings, bytes, (nuint)model.Length);
    }

    /// <param name="source">A file's name, or a model of <paramref name="length"/> bytes.</param>
    private static OnnxSession Create(SessionSettings settings, byte* source, nuint? length)
    {
        var environment = OnnxEnvironment.Instance;
        var api = environment.Api;
        using var options = SessionOptionsHandle.Create(api);
        Apply(api, options, settings);
        nint session;
        var loaded = new SessionHandle(api, new NativeNames());
        try
        {
            api.Check(length is { } bytes
                ? api.CreateSessionFromArray(environment.Environment, source, bytes, options.Pointer, &session)
                : api.CreateSession(environment.Environment, source, options.Pointer, &session));
            loaded.Take(session);
            return new OnnxSession(environment, loaded);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Memory and options for one call at a time; reuse it for many.</summary>
    /// <exception cref="ObjectDisposedException">The session is disposed, though frames may still be out.</exception>
    public RunFrame NewFrame()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed), this);
        return new RunFrame(this);
    }

    public void Dispose()
    {
        Volatile.Write(ref disposed, true);
        handle.Dispose();
    }

    private static void Apply(in OrtApi api, SessionOptionsHandle options, SessionSettings settings)
    {
        var pointer = options.Pointer;
        api.Check(api.SetIntraOpNumThreads(pointer, Math.Max(1, settings.IntraOpThreads)));
        api.Check(api.SetInterOpNumThreads(pointer, 1));
        api.Check(api.SetSessionLogSeverityLevel(pointer, (int)OnnxLogLevel.Warning));
        if (!settings.Arena)
            api.Check(api.DisableCpuMemArena(pointer));
        // A spinning pool burns a container's CPU quota between requests.
        Set(api, pointer, "session.intra_op.allow_spinning", "0");
        Set(api, pointer, "session.inter_op.allow_spinning", "0");
        foreach (var (key, value) in settings.Entries)
            Set(api, pointer, key, value);
    }

    private static void Set(in OrtApi api, nint options, string key, string value)
    {
        using var k = new Utf8Argument(key);
        using var v = new Utf8Argument(value);
        api.Check(api.AddSessionConfigEntry(options, k.Pointer, v.Pointer));
    }
}
