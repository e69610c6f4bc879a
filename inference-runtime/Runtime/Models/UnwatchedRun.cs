using Microsoft.AspNetCore.Http.Features;
using Sluice.Onnx;

namespace Sluice.Runtime.Models;

/// <summary>Why a run was ended.</summary>
internal enum RunEnd
{
    ByItself,
    Late,
    CallerGone,
}

/// <summary>
/// One call without a watch of its own. Whoever looks at it must be done with its frame and its caller before their owner
/// goes on, so both agree by one number.
/// </summary>
internal sealed class UnwatchedRun
{
    private const int Idle = 0, Running = 1, LookedAt = 2, Ended = 3;

    private int state;
    private long began;
    private RunEnd end;

    /// <summary>Who waits for the call; null when nobody can go away.</summary>
    public IHttpRequestLifetimeFeature? Caller { get; set; }

    /// <summary>Timestamp; null when nothing runs.</summary>
    public long? Began => Volatile.Read(ref state) == Running ? Volatile.Read(ref began) : null;

    /// <param name="now">Timestamp.</param>
    public void Begin(long now)
    {
        Volatile.Write(ref began, now);
        Volatile.Write(ref state, Running);
    }

    public RunEnd Finish()
    {
        while (Interlocked.CompareExchange(ref state, Idle, Running) != Running)
        {
            if (Volatile.Read(ref state) == Ended)
            {
                Volatile.Write(ref state, Idle);
                return end;
            }
            Thread.Yield();
        }
        return RunEnd.ByItself;
    }

    /// <summary>Ends the run when it is late or its caller is gone.</summary>
    public void Look(RunFrame frame, bool isLate)
    {
        if (Interlocked.CompareExchange(ref state, LookedAt, Running) != Running)
            return;
        if (!isLate && Caller?.RequestAborted.IsCancellationRequested != true)
        {
            Volatile.Write(ref state, Running);
            return;
        }
        end = isLate ? RunEnd.Late : RunEnd.CallerGone;
        frame.Terminate();
        Volatile.Write(ref state, Ended);
    }
}
