using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Sluice.Onnx.Native;

namespace Sluice.Onnx;

/// <summary>
/// One call at a time on a session: its inputs, its options, its outputs. All native memory of a call is owned here and
/// outlives the call, also when the caller has gone. Not thread-safe, except for <see cref="Terminate"/>.
/// </summary>
public sealed unsafe class RunFrame : IDisposable
{
    private readonly OnnxSession session;
    private readonly OrtApi api;
    private readonly RunOptionsHandle options;
    private readonly OnnxValue[] outputs;
    private readonly bool[] wanted;
    private readonly nint* block;
    private RunOptionsHandle? shrinking;
    private bool allWanted = true;
    private bool disposed;
    private int terminated;
    private volatile RowBatch? batch;

    internal RunFrame(OnnxSession session)
    {
        this.session = session;
        api = session.Environment.Api;
        // Held until Dispose, so that the session outlives every frame.
        var held = false;
        session.Handle.DangerousAddRef(ref held);
        options = RunOptionsHandle.Create(api);
        var environment = session.Environment;
        Inputs = [.. session.Feeds.Select((v, i) => new InputSlot(environment, v, i < session.Inputs.Length))];
        outputs = [.. session.Outputs.Select(_ => new OnnxValue(environment))];
        wanted = new bool[outputs.Length];
        block = (nint*)NativeMemory.AllocZeroed((nuint)(2 * (Inputs.Length + outputs.Length)), (nuint)sizeof(nint));
    }

    /// <summary>In the order of <see cref="OnnxSession.Feeds"/>.</summary>
    public ImmutableArray<InputSlot> Inputs { get; }

    /// <summary>In the order of <see cref="OnnxSession.Outputs"/>; only wanted ones hold a value after a run.</summary>
    public ReadOnlySpan<OnnxValue> Outputs => outputs;

    /// <summary>Asks for this output; when none is asked for, all are computed.</summary>
    /// <returns>False when it was asked for before.</returns>
    public bool Want(int output)
    {
        allWanted = false;
        return !wanted[output] && (wanted[output] = true);
    }

    /// <summary>Bytes that are fed; a text counts as one.</summary>
    public long InputBytes
    {
        get
        {
            long bytes = 0;
            foreach (var input in Inputs)
                bytes += input.IsSet ? input.Count * (long)Math.Max(1, input.ElementBytes) : 0;
            return bytes;
        }
    }

    /// <summary>Whether the same outputs are asked for, and the same inputs are fed, alike but for their rows.</summary>
    public bool HasShapeOf(RunFrame other)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            if (IsWanted(i) != other.IsWanted(i))
                return false;
        }
        for (var i = 0; i < Inputs.Length; i++)
        {
            var (mine, its) = (Inputs[i], other.Inputs[i]);
            if (mine.IsSet != its.IsSet)
                return false;
            if (mine.IsSet && !(mine.Shape.Length == its.Shape.Length && mine.Shape[1..].SequenceEqual(its.Shape[1..])))
                return false;
        }
        return true;
    }

    public bool IsWanted(int output) => allWanted || wanted[output];

    /// <summary>Runs the model on this thread. Required inputs must be set: ONNX Runtime does not check that.</summary>
    /// <param name="giveMemoryBack">Shrink the arena afterwards; for a call much larger than usual.</param>
    /// <exception cref="OperationCanceledException"><see cref="Terminate"/> was called.</exception>
    /// <exception cref="OnnxException">The inputs do not fit (InvalidArgument) or the model failed.</exception>
    public void Run(bool giveMemoryBack = false)
    {
        var names = (byte**)block;
        var values = block + Inputs.Length;
        var count = 0;
        for (var i = 0; i < Inputs.Length; i++)
        {
            if (!Inputs[i].IsSet)
                continue;
            names[count] = (byte*)session.FeedNames[i];
            values[count++] = Inputs[i].Bind();
        }
        var outputNames = (byte**)(values + Inputs.Length);
        var results = (nint*)outputNames + outputs.Length;
        var resultCount = 0;
        for (var i = 0; i < outputs.Length; i++)
        {
            if (!IsWanted(i))
                continue;
            results[resultCount] = 0;
            outputNames[resultCount++] = (byte*)session.OutputNames[i];
        }
        var runOptions = giveMemoryBack ? Shrinking().Pointer : options.Pointer;
        var status = api.Run(
            session.Handle.Pointer, runOptions, names, values, (nuint)count, outputNames, (nuint)resultCount, results);
        if (status != 0)
            Fail(status);
        Attach(results);
    }

    internal bool IsTerminated => Volatile.Read(ref terminated) != 0;

    /// <summary>What runs this frame's rows together with others; null while nothing does.</summary>
    internal RowBatch? Batch
    {
        get => batch;
        set => batch = value;
    }

    /// <summary>
    /// Stops the running call at its next graph node. Callable from any thread, but only while the frame's owner still
    /// holds the frame.
    /// </summary>
    public void Terminate()
    {
        Volatile.Write(ref terminated, 1);
        api.Check(api.RunOptionsSetTerminate(options.Pointer));
        if (Volatile.Read(ref shrinking) is { } other)
            api.Check(api.RunOptionsSetTerminate(other.Pointer));
        batch?.Leave();
    }

    /// <summary>Makes the frame ready for the next call: outputs are released, large buffers given back.</summary>
    public void Clear()
    {
        foreach (var input in Inputs)
            input.Clear();
        foreach (var output in outputs)
            output.Dispose();
        Array.Clear(wanted);
        allWanted = true;
        if (terminated != 0)
        {
            terminated = 0;
            // The flag is sticky.
            api.Check(api.RunOptionsUnsetTerminate(options.Pointer));
            if (shrinking is { } other)
                api.Check(api.RunOptionsUnsetTerminate(other.Pointer));
        }
    }

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        Clear();
        foreach (var input in Inputs)
            input.Dispose();
        options.Dispose();
        shrinking?.Dispose();
        NativeMemory.Free(block);
        session.Handle.DangerousRelease();
    }

    /// <summary>Has, for an output, some rows of what several frames got together.</summary>
    internal void Take(int output, OnnxValue together, long first, long rows) => outputs[output].CopyRows(together, first, rows);

    private void Attach(nint* results)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            if (IsWanted(i))
                outputs[i].Attach(*results++);
        }
    }

    private void Fail(nint status)
    {
        var error = OnnxException.Take(api, status);
        if (Volatile.Read(ref terminated) != 0)
            throw new OperationCanceledException("The call was stopped.", error);
        throw error;
    }

    private RunOptionsHandle Shrinking()
    {
        if (shrinking is { } made)
            return made;
        var created = RunOptionsHandle.Create(api);
        using var key = new Utf8Argument("memory.enable_memory_arena_shrinkage");
        using var value = new Utf8Argument("cpu:0");
        api.Check(api.AddRunConfigEntry(created.Pointer, key.Pointer, value.Pointer));
        Volatile.Write(ref shrinking, created);
        if (Volatile.Read(ref terminated) != 0)
            api.Check(api.RunOptionsSetTerminate(created.Pointer));
        return created;
    }
}
