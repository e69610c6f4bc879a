namespace Sluice.Onnx;

/// <summary>A model gave another number of rows than it was fed.</summary>
public sealed class RowsLostException(string message) : Exception(message);

/// <summary>
/// Runs the rows of several frames in one call: what they feed is put one below the other along the first dimension, and what
/// comes out is dealt out again. Whether a model's rows are independent of each other is the caller's to know. For tensors of
/// numbers of whole bytes; reused run after run, one at a time.
/// </summary>
public sealed class RowBatch(OnnxSession session) : IDisposable
{
    private readonly RunFrame joint = session.NewFrame();
    private readonly Lock sync = new();
    private readonly List<RunFrame> running = [];

    /// <returns>Rows that the frame feeds; 0 when its inputs have not the same number, or one has no first dimension.</returns>
    public static long RowsOf(RunFrame frame)
    {
        long rows = 0;
        foreach (var input in frame.Inputs)
        {
            if (!input.IsSet)
                continue;
            if (input.Shape.Length == 0 || (rows != 0 && input.Shape[0] != rows))
                return 0;
            rows = input.Shape[0];
        }
        return rows;
    }

    /// <summary>The frames then hold their outputs as if each had run by itself.</summary>
    /// <param name="frames">With the same inputs, alike but for their rows, and asked for the same outputs.</param>
    /// <exception cref="OperationCanceledException">All of the frames were terminated.</exception>
    /// <exception cref="OnnxException">The model refuses the inputs or failed; whose fault it was is not known.</exception>
    /// <exception cref="RowsLostException">The outputs cannot be dealt out.</exception>
    public void Run(IReadOnlyList<RunFrame> frames)
    {
        try
        {
            Follow(frames);
            var rows = frames.Sum(RowsOf);
            Join(frames, rows);
            joint.Run();
            Deal(frames, rows);
        }
        finally
        {
            lock (sync)
            {
                foreach (var frame in running)
                    frame.Batch = null;
                running.Clear();
            }
            joint.Clear();
        }
    }

    public void Dispose() => joint.Dispose();

    /// <summary>One of the frames is not waited for any more; the run ends when none is.</summary>
    internal void Leave()
    {
        lock (sync)
            EndWhenLeft();
    }

    private void Follow(IReadOnlyList<RunFrame> frames)
    {
        lock (sync)
        {
            running.AddRange(frames);
            foreach (var frame in running)
                frame.Batch = this;
            // Some may have been terminated before they could tell.
            EndWhenLeft();
        }
    }

    private void EndWhenLeft()
    {
        if (running.Count > 0 && running.TrueForAll(static f => f.IsTerminated))
            joint.Terminate();
    }

    private void Join(IReadOnlyList<RunFrame> frames, long rows)
    {
        var first = frames[0];
        for (var i = 0; i < first.Outputs.Length; i++)
        {
            if (first.IsWanted(i))
                joint.Want(i);
        }
        for (var i = 0; i < first.Inputs.Length; i++)
        {
            if (!first.Inputs[i].IsSet)
                continue;
            var slot = joint.Inputs[i];
            slot.Start();
            foreach (var frame in frames)
                slot.Append(frame.Inputs[i]);
            slot.SetShape([rows, .. first.Inputs[i].Shape[1..]]);
        }
    }

    private void Deal(IReadOnlyList<RunFrame> frames, long rows)
    {
        for (var i = 0; i < joint.Outputs.Length; i++)
        {
            if (!joint.IsWanted(i))
                continue;
            var together = joint.Outputs[i];
            if (together.Kind != ValueKind.Tensor || together.Shape.Length == 0 || together.Shape[0] != rows)
            {
                throw new RowsLostException(
                    $"Output \"{session.Outputs[i].Name}\" of {rows} rows together has shape [{string.Join(", ", together.Shape.ToArray())}].");
            }
            long first = 0;
            foreach (var frame in frames)
            {
                var own = RowsOf(frame);
                frame.Take(i, together, first, own);
                first += own;
            }
        }
    }
}
