using Sluice.Contract.Metrics;
using Sluice.Onnx;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Batching;

/// <summary>
/// Joins requests to one model that wait for a turn: the one whose turn has come takes along those that fit. So nobody waits
/// for a request that might come, and while there is room nothing is joined; what a request may wait for is that the run it
/// is part of takes longer (<see cref="BatchPlan.MostBytes"/>).
/// </summary>
internal sealed class Batcher(OnnxSession session, BatchPlan plan, RunGate gate, Histogram? rowsOfRuns) : IDisposable
{
    private readonly Lock sync = new();
    private readonly List<ModelCall> waiting = [];
    private readonly Stack<JointRun> idle = new();
    private bool closed;

    /// <summary>A call that waits for a turn; until it has one or is done, or gives up.</summary>
    public void Wait(ModelCall call)
    {
        lock (sync)
            waiting.Add(call);
    }

    public void Leave(ModelCall call)
    {
        lock (sync)
            waiting.Remove(call);
    }

    /// <summary>Withdraws from the queue what fits to a call whose turn has come.</summary>
    /// <returns>Null when it runs alone.</returns>
    public JointRun? Gather(ModelCall first)
    {
        var rows = RowBatch.RowsOf(first.Frame);
        lock (sync)
        {
            JointRun? joint = null;
            var (room, bytes) = (plan.MaxRows - rows, plan.MostBytes);
            for (var i = 0; rows > 0 && room > 0 && i < waiting.Count; i++)
            {
                var (call, more) = (waiting[i], RowBatch.RowsOf(waiting[i].Frame));
                if (more == 0 || more > room || call.InputBytes > bytes || !call.Frame.HasShapeOf(first.Frame))
                    continue;
                // Before anything is withdrawn: who is has no turn to come, and must be run.
                joint ??= Rent();
                if (joint is null)
                    break;
                if (!gate.Withdraw(call.Ticket))
                    continue;
                waiting.RemoveAt(i--);
                (room, bytes) = (room - more, bytes - call.InputBytes);
                joint.Add(call);
            }
            rowsOfRuns?.Observe(plan.MaxRows - room);
            if (joint is { IsEmpty: true })
            {
                idle.Push(joint);
                return null;
            }
            joint?.Add(first);
            return joint;
        }
    }

    /// <summary>All of the run's calls are done.</summary>
    public void Return(JointRun joint)
    {
        lock (sync)
        {
            if (!closed)
            {
                idle.Push(joint);
                return;
            }
        }
        joint.Dispose();
    }

    /// <returns>Null when the model is being unloaded, or memory is short.</returns>
    private JointRun? Rent()
    {
        if (idle.TryPop(out var made))
            return made;
        try
        {
            return new JointRun(session);
        }
        catch (Exception e) when (e is ObjectDisposedException or OnnxException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        lock (sync)
        {
            closed = true;
            while (idle.TryPop(out var joint))
                joint.Dispose();
        }
    }
}
