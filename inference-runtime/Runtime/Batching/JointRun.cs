using Sluice.Onnx;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Batching;

/// <summary>What became of a call in a run that it shared.</summary>
/// <param name="Started">Timestamp of the run's beginning.</param>
/// <param name="Ended">Timestamp of its end.</param>
/// <param name="Failure">Null when the call has its outputs.</param>
internal readonly record struct SharedRun(long Started, long Ended, Exception? Failure);

/// <summary>Several calls that run as one. When that fails each is run by itself, so that a bad one fails alone.</summary>
internal sealed class JointRun(OnnxSession session) : IDisposable
{
    private readonly RowBatch batch = new(session);
    private readonly List<ModelCall> calls = [];
    private readonly List<RunFrame> frames = [];

    public bool IsEmpty => calls.Count == 0;

    public void Add(ModelCall call) => calls.Add(call);

    /// <summary>Runs them and writes down what became of each.</summary>
    /// <returns>Bytes that came out.</returns>
    public long Run(ModelMetrics metrics)
    {
        var started = metrics.Now();
        metrics.Joined(calls.Count - 1);
        Exception?[]? failures = null;
        try
        {
            frames.AddRange(calls.Select(static c => c.Frame));
            batch.Run(frames);
        }
        catch (Exception e) when (e is OnnxException or RowsLostException)
        {
            failures = [.. calls.Select(static c => RunAlone(c))];
        }
        catch (Exception e)
        {
            // Whatever it is, nobody else tells those who wait.
            failures = [.. calls.Select(_ => e)];
        }
        var ended = metrics.Now();
        long bytes = 0;
        for (var i = 0; i < calls.Count; i++)
        {
            calls[i].Shared = new SharedRun(started, ended, failures?[i]);
            bytes += failures?[i] is null ? calls[i].OutputBytes : 0;
        }
        return bytes;
    }

    /// <summary>Lets those go on that had no turn of their own; what is theirs must not be touched after that.</summary>
    /// <param name="first">Had the turn.</param>
    public void Release(ModelCall first)
    {
        foreach (var call in calls)
        {
            if (call != first)
                call.Ticket.Done();
        }
        calls.Clear();
        frames.Clear();
    }

    public void Dispose() => batch.Dispose();

    private static Exception? RunAlone(ModelCall call)
    {
        try
        {
            call.Frame.Run();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
