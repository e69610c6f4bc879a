namespace Sluice.Runtime.Http;

/// <summary>Memory that many share: who wants more than is free waits, first come first served.</summary>
/// <param name="total">In bytes; nobody may want more than that.</param>
internal sealed class ByteBudget(long total)
{
    private readonly Lock sync = new();
    private readonly Queue<Waiter> waiting = new();
    private long free = total;

    /// <summary>Completes when so many bytes may be used; <see cref="Exit"/> with the same must follow.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while it waited.</exception>
    public async ValueTask EnterAsync(long bytes, CancellationToken cancellation)
    {
        Waiter waiter;
        lock (sync)
        {
            if (waiting.Count == 0 && bytes <= free)
            {
                free -= bytes;
                return;
            }
            waiter = new Waiter(bytes);
            waiting.Enqueue(waiter);
        }
        await using var registration = cancellation.UnsafeRegister(
            static (waiter, token) => ((Waiter)waiter!).TrySetCanceled(token), waiter);
        await waiter.Task;
    }

    public void Exit(long bytes)
    {
        lock (sync)
        {
            free += bytes;
            while (waiting.TryPeek(out var next) && (next.Bytes <= free || next.Task.IsCompleted))
            {
                waiting.Dequeue();
                // It may have been cancelled.
                if (next.TrySetResult())
                    free -= next.Bytes;
            }
        }
    }

    private sealed class Waiter(long bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Bytes { get; } = bytes;
    }
}
