using System.Threading.Tasks.Sources;

namespace Sluice.Onnx;

/// <summary>More calls wait than the gate lets wait.</summary>
public sealed class GateFullException(int waiting) : Exception($"{waiting} calls wait already.");

/// <summary>
/// The one place that decides how many calls run at a time. ONNX Runtime allows concurrent calls on one session; beyond
/// the number of CPUs they only slow each other, so the others wait here, off the threads: by priority, then first come
/// first served.
/// </summary>
/// <param name="limit">Calls that run at a time; at least 1.</param>
/// <param name="queueLimit">Calls that may wait.</param>
public sealed class RunGate(int limit, int queueLimit)
{
    private readonly Lock sync = new();
    private readonly LinkedList<RunTicket> waiting = [];
    private int running;

    public int Limit { get; } = Math.Max(1, limit);

    public int Running => Volatile.Read(ref running);

    public int Waiting
    {
        get
        {
            lock (sync)
                return waiting.Count;
        }
    }

    /// <summary>
    /// Completes when the call may run, synchronously when there is room. <see cref="Exit"/> must follow exactly once,
    /// unless this throws or gives false.
    /// </summary>
    /// <returns>False when the ticket was withdrawn (<see cref="Withdraw"/>) and its call done by somebody else.</returns>
    /// <exception cref="GateFullException">Too many wait.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while it waited.</exception>
    public ValueTask<bool> EnterAsync(RunTicket ticket, CancellationToken cancellation)
    {
        lock (sync)
        {
            if (running < Limit)
            {
                running++;
                return ValueTask.FromResult(true);
            }
            if (waiting.Count >= queueLimit)
                throw new GateFullException(waiting.Count);
            ticket.Reset();
            Line(ticket);
        }
        ticket.CancelOn(this, cancellation);
        return ticket.AsValueTask();
    }

    public void Exit()
    {
        RunTicket? next = null;
        lock (sync)
        {
            if (waiting.First is { } first)
            {
                next = first.Value;
                waiting.RemoveFirst();
            }
            else
            {
                running--;
            }
        }
        next?.Admit();
    }

    /// <summary>Most name no priority, and are last.</summary>
    private void Line(RunTicket ticket)
    {
        var after = waiting.Last;
        if (ticket.Priority > 0)
        {
            while (after is not null && (after.Value.Priority == 0 || after.Value.Priority > ticket.Priority))
                after = after.Previous;
        }
        if (after is null)
            waiting.AddFirst(ticket.Node);
        else
            waiting.AddAfter(after, ticket.Node);
    }

    /// <summary>Takes a ticket out of the queue; who does owes it <see cref="RunTicket.Done"/>.</summary>
    /// <returns>True when the ticket still waited, and so will not be admitted.</returns>
    public bool Withdraw(RunTicket ticket)
    {
        lock (sync)
        {
            if (ticket.Node.List is null)
                return false;
            waiting.Remove(ticket.Node);
            return true;
        }
    }
}

/// <summary>A place in the gate's queue; reused by one caller call after call.</summary>
public sealed class RunTicket : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> core;
    private CancellationTokenRegistration registration;

    public RunTicket()
    {
        // The caller that leaves the gate must not run the next call on its own stack.
        core.RunContinuationsAsynchronously = true;
        Node = new LinkedListNode<RunTicket>(this);
    }

    /// <summary>1 is admitted first, then 2 and so on; 0 after all of them.</summary>
    public long Priority { get; set; }

    internal LinkedListNode<RunTicket> Node { get; }

    public bool GetResult(short token)
    {
        registration.Dispose();
        return core.GetResult(token);
    }

    public ValueTaskSourceStatus GetStatus(short token) => core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);

    internal void Reset() => core.Reset();

    internal ValueTask<bool> AsValueTask() => new(this, core.Version);

    internal void Admit() => core.SetResult(true);

    /// <summary>Its call, which had been withdrawn from the queue, is done without a turn of its own.</summary>
    public void Done() => core.SetResult(false);

    internal void CancelOn(RunGate gate, CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled)
        {
            registration = default;
            return;
        }
        registration = cancellation.UnsafeRegister(
            static (state, token) =>
            {
                var (ticket, gate) = ((RunTicket, RunGate))state!;
                if (gate.Withdraw(ticket))
                    ticket.core.SetException(new OperationCanceledException(token));
            },
            (this, gate));
    }
}
