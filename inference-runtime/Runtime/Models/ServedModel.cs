using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Sluice.Onnx;
using Sluice.Runtime.Batching;
using Sluice.Runtime.Expectations;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Http;
using Sluice.Runtime.Json;
using Sluice.Runtime.Metrics;
using Sluice.Runtime.Monitoring;

namespace Sluice.Runtime.Models;

/// <summary>One loaded version of a model, ready to be called.</summary>
internal sealed class ServedModel : IDisposable
{
    /// <summary>Calls kept for reuse; more may be out at a time.</summary>
    private const int Pooled = 64;

    /// <summary>Seconds; a call that is over so soon needs no deadline and no watch on its caller.</summary>
    private const double Moment = 0.005;

    private readonly ConcurrentQueue<ModelCall> idle = new();
    private readonly OnnxSession session;
    private readonly RunGate gate;
    private int idleCount;
    private bool closed;
    private readonly RunWatch watch;
    private readonly RunPace pace = new();
    private double lastRun;
    private int leftovers;

    public ServedModel(string name, string version, OnnxSession session, RunGate gate, RunWatch watch, ModelMetrics metrics)
    {
        (Name, Version, Metrics) = (name, version, metrics);
        (this.session, this.gate, this.watch) = (session, gate, watch);
        Signature = new Signature(session);
        Metadata = session.Metadata;
        var json = new JsonBuffer();
        json.Raw("{\"model_name\":"u8);
        json.String(name);
        json.Raw(",\"model_version\":"u8);
        json.String(version);
        AnswerStart = json.Written.ToArray();
    }

    public string Name { get; }

    public string Version { get; }

    public Signature Signature { get; }

    public ModelMetadata Metadata { get; }

    public ModelMetrics Metrics { get; }

    /// <summary>Told of every call that succeeded; null when nobody watches.</summary>
    public ModelMonitor? Monitor { get; init; }

    /// <summary>Remembers what was answered, for labels that come later; null when none are taken.</summary>
    public FeedbackJoin? Feedback { get; init; }

    /// <summary>What callers' inputs are expected to be; null when nothing is.</summary>
    public ExpectationSet? Expectations { get; init; }

    /// <summary>Joins requests that wait; null when each runs by itself.</summary>
    public Batcher? Batcher { get; init; }

    /// <summary>How every V2 answer of this model begins.</summary>
    public byte[] AnswerStart { get; }

    /// <summary>The last call took little time, and another would run at once.</summary>
    public bool IsOverInAMoment => Volatile.Read(ref lastRun) < Moment && gate.Running < gate.Limit;

    public ModelCall Rent()
    {
        if (idle.TryDequeue(out var call))
        {
            Interlocked.Decrement(ref idleCount);
            return call;
        }
        try
        {
            var made = new ModelCall(this, session.NewFrame());
            watch.Add(made);
            return made;
        }
        catch (ObjectDisposedException)
        {
            throw new RequestException(503, $"Model \"{Name}\" version {Version} is being unloaded.") { RetryAfter = 1 };
        }
    }

    public void Return(ModelCall call)
    {
        call.Clear();
        if (Volatile.Read(ref closed) || Interlocked.Increment(ref idleCount) > Pooled)
        {
            Interlocked.Decrement(ref idleCount);
            Discard(call);
            return;
        }
        idle.Enqueue(call);
        if (Volatile.Read(ref closed))
            DisposeIdle();
    }

    /// <summary>Waits for a turn and runs the model; synchronously when there is room.</summary>
    /// <exception cref="RequestException">An input is missing or does not fit, or the model refuses it.</exception>
    /// <param name="call">With its inputs.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="onReader">What reads the caller's connection may be below on this stack.</param>
    public ValueTask RunAsync(ModelCall call, CancellationToken cancellation, bool onReader = false)
    {
        if (Batcher is { } batcher)
            return RunBatched(call, batcher, cancellation);
        return (onReader || EventThread.IsCurrent) && !pace.IsShort(call.InputBytes)
            ? RunElsewhere(call, cancellation)
            : RunHere(call, cancellation);
    }

    /// <summary>Stops serving it; native memory goes when the last call is done.</summary>
    public void Dispose()
    {
        Volatile.Write(ref closed, true);
        DisposeIdle();
        Batcher?.Dispose();
        session.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RunElsewhere(ModelCall call, CancellationToken cancellation)
    {
        await EventThread.LeaveReading();
        await RunHere(call, cancellation);
    }

    private ValueTask RunHere(ModelCall call, CancellationToken cancellation)
    {
        var arrived = Check(call);
        var entering = Enter(call, arrived, cancellation);
        if (!entering.IsCompletedSuccessfully)
            return RunLater(call, entering, arrived, cancellation);
        RunNow(call, arrived, cancellation);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// A call never runs where it was read: what was read with it is to wait for the turn together with it, and one thread
    /// that reads and runs by turns would never see two.
    /// </summary>
    private async ValueTask RunBatched(ModelCall call, Batcher batcher, CancellationToken cancellation)
    {
        var arrived = Check(call);
        var entering = Enter(call, arrived, cancellation);
        if (entering.IsCompletedSuccessfully)
            await EventThread.LeaveReading();
        else if (!await HasTurn(call, batcher, entering, cancellation))
        {
            End(call, arrived, cancellation);
            return;
        }
        if (batcher.Gather(call) is not { } joint)
        {
            RunNow(call, arrived, cancellation);
            return;
        }
        RunJoint(call, batcher, joint, cancellation);
        End(call, arrived, cancellation);
    }

    /// <returns>False when the call was run together with another.</returns>
    private static async ValueTask<bool> HasTurn(ModelCall call, Batcher batcher, ValueTask<bool> entering, CancellationToken cancellation)
    {
        batcher.Wait(call);
        try
        {
            using var stop = EndWith(call, cancellation);
            return await entering;
        }
        finally
        {
            batcher.Leave(call);
        }
    }

    private void RunJoint(ModelCall call, Batcher batcher, JointRun joint, CancellationToken cancellation)
    {
        using var stop = EndWith(call, cancellation);
        if (joint.Run(Metrics) > ModelCall.Huge)
            Volatile.Write(ref leftovers, 1);
        gate.Exit();
        joint.Release(call);
        batcher.Return(joint);
    }

    /// <summary>What became of a call that was part of a run.</summary>
    private void End(ModelCall call, long arrived, CancellationToken cancellation)
    {
        var ended = cancellation.CanBeCanceled ? RunEnd.ByItself : call.Unwatched.Finish();
        var (started, over, failure) = call.Shared;
        Volatile.Write(ref lastRun, Metrics.Ran(arrived, started, over));
        if (ended == RunEnd.Late)
            throw TooLate();
        if (failure is OnnxException refused)
            throw RequestCheck.Explain(this, call.Frame, refused);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        cancellation.ThrowIfCancellationRequested();
        if (ended == RunEnd.CallerGone)
            throw new OperationCanceledException();
        Record(call);
    }

    /// <returns>When it came, a timestamp.</returns>
    private long Check(ModelCall call)
    {
        RequestCheck.Inputs(this, call.Frame);
        call.Expectations?.Check(call.Frame);
        if (Signature.HasTexts)
            TextInputs.Make(call);
        return Metrics.Now();
    }

    private ValueTask<bool> Enter(ModelCall call, long arrived, CancellationToken cancellation)
    {
        try
        {
            var entering = gate.EnterAsync(call.Ticket, cancellation);
            if (!cancellation.CanBeCanceled)
                call.Unwatched.Begin(arrived);
            return entering;
        }
        catch (GateFullException)
        {
            throw new RequestException(503, $"Model \"{Name}\" is overloaded: its queue is full. Try again later.")
            {
                RetryAfter = 1,
            };
        }
    }

    private async ValueTask RunLater(ModelCall call, ValueTask<bool> entering, long arrived, CancellationToken cancellation)
    {
        await entering;
        RunNow(call, arrived, cancellation);
    }

    private void RunNow(ModelCall call, long arrived, CancellationToken cancellation)
    {
        var started = Metrics.Now();
        RunEnd? ended = null;
        (long Input, long Output) bytes = default;
        try
        {
            using var stop = EndWith(call, cancellation);
            bytes = RunFrame(call);
        }
        catch (OperationCanceledException) when (!cancellation.CanBeCanceled && (ended = call.Unwatched.Finish()) == RunEnd.Late)
        {
            throw TooLate();
        }
        catch (OnnxException e)
        {
            throw RequestCheck.Explain(this, call.Frame, e);
        }
        finally
        {
            gate.Exit();
            if (!cancellation.CanBeCanceled && ended is null)
                call.Unwatched.Finish();
            var took = Metrics.Ran(arrived, started, Metrics.Now());
            Volatile.Write(ref lastRun, took);
            pace.Ran(took, bytes.Input, bytes.Output);
        }
        Record(call);
    }

    private void Record(ModelCall call)
    {
        Monitor?.Record(call.Frame);
        Feedback?.Record(call);
    }

    private static CancellationTokenRegistration EndWith(ModelCall call, CancellationToken cancellation) => cancellation.CanBeCanceled
        ? cancellation.UnsafeRegister(static frame => ((Onnx.RunFrame)frame!).Terminate(), call.Frame)
        : default;

    private RequestException TooLate() => new(504, $"Model \"{Name}\" did not answer within {watch.Timeout.TotalMilliseconds:0.###} ms.");

    /// <summary>
    /// ONNX Runtime gives memory back at the end of a call, when what the call answers still takes its place; so the call
    /// after a huge one gives back the rest.
    /// </summary>
    /// <returns>Bytes that went in and out.</returns>
    private (long Input, long Output) RunFrame(ModelCall call)
    {
        var input = call.InputBytes;
        var huge = input > ModelCall.Huge;
        call.Frame.Run(huge || (Volatile.Read(ref leftovers) != 0 && Interlocked.Exchange(ref leftovers, 0) != 0));
        var output = call.OutputBytes;
        if (huge || output > ModelCall.Huge)
            Volatile.Write(ref leftovers, 1);
        return (input, output);
    }

    private void DisposeIdle()
    {
        while (idle.TryDequeue(out var call))
            Discard(call);
    }

    private void Discard(ModelCall call)
    {
        watch.Remove(call);
        call.Dispose();
    }
}
