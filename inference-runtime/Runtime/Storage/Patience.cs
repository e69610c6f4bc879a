namespace Sluice.Runtime.Storage;

/// <summary>Bounds every single wait for the other side, so that silence is noticed however long the whole takes.</summary>
internal sealed class Patience(TimeProvider time, TimeSpan limit)
{
    /// <exception cref="TransientException">Nothing came in time.</exception>
    public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellation);
        try
        {
            return await step(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientException($"nothing came for {limit.TotalSeconds:0.#} s");
        }
    }
}
