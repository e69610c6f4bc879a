using Sluice.Onnx;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Batching;

/// <summary>
/// Finds out, when a model is loaded, whether joining requests is right (each row's answer is its own) and whether it is worth
/// it, with invented rows. Models differ: a perceptron runs 32 rows in the time of three, a forest of trees in that of 32.
/// </summary>
/// <param name="session">The model.</param>
/// <param name="sides">Size of the varying dimensions, but for the first, that the model takes.</param>
/// <param name="settings">The bounds.</param>
/// <param name="time">Measures.</param>
internal sealed class BatchTrial(OnnxSession session, long sides, BatchSettings settings, TimeProvider time)
{
    private const float Large = 100;

    /// <summary>Of each size; the fastest counts.</summary>
    private const int Tries = 3;

    /// <summary>For all the measuring: a pod that starts is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <param name="obstacle">Why requests are not joined.</param>
    /// <returns>Null when they are not.</returns>
    public BatchPlan? Run(out string obstacle)
    {
        if (Batchable.Obstacle(session) is { } declared)
        {
            obstacle = declared;
            return null;
        }
        try
        {
            if (Difference() is not { } difference)
                return BatchPlan.Choose(Measure(out var rowBytes), rowBytes, settings, out obstacle);
            obstacle = difference;
        }
        catch (Exception e) when (e is OnnxException or RowsLostException)
        {
            obstacle = $"rows cannot be run together: {e.Message}";
        }
        return null;
    }

    /// <summary>
    /// The second row is much larger than the first: a model that is quantized as it runs takes its scale from all rows of a run,
    /// which rows of one size would hardly show.
    /// </summary>
    /// <returns>How rows answer otherwise when they are run together; null when they do not.</returns>
    private string? Difference()
    {
        using var batch = new RowBatch(session);
        using var first = Row(seed: 1);
        using var second = Row(seed: 2, Large);
        using var firstOfTwo = Row(seed: 1);
        using var secondOfTwo = Row(seed: 2, Large);
        first.Run();
        second.Run();
        batch.Run([firstOfTwo, secondOfTwo]);
        for (var i = 0; i < first.Outputs.Length; i++)
        {
            if (!(SameNumbers.Are(first.Outputs[i], firstOfTwo.Outputs[i]) && SameNumbers.Are(second.Outputs[i], secondOfTwo.Outputs[i])))
                return $"output \"{session.Outputs[i].Name}\" of a row depends on the other rows of its run";
        }
        return null;
    }

    private List<MeasuredRun> Measure(out long rowBytes)
    {
        var began = time.GetTimestamp();
        var runs = new List<MeasuredRun>();
        rowBytes = 0;
        for (var rows = 1; ; rows = Math.Min(rows * 2, settings.MaxRows))
        {
            using var frame = session.NewFrame();
            if (rows * rowBytes > ModelCall.Huge || !InventedRows.Fill(session, frame, sides, rows))
                break;
            if (rows == 1)
                rowBytes = frame.InputBytes;
            runs.Add(new MeasuredRun(rows, Fastest(frame)));
            var added = runs[^1].Seconds - runs[0].Seconds;
            if (rows == settings.MaxRows || added > settings.MaxLatency.TotalSeconds || time.GetElapsedTime(began) > Patience)
                break;
        }
        using var last = Row(seed: 1);
        last.Run(giveMemoryBack: true);
        return runs;
    }

    private double Fastest(RunFrame frame)
    {
        // The first pass sizes the arena.
        frame.Run();
        var fastest = double.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            var began = time.GetTimestamp();
            frame.Run();
            fastest = Math.Min(fastest, time.GetElapsedTime(began).TotalSeconds);
        }
        return fastest;
    }

    private RunFrame Row(int seed, float magnitude = 1)
    {
        var frame = session.NewFrame();
        InventedRows.Fill(session, frame, sides, rows: 1, new Random(seed), magnitude);
        return frame;
    }
}
