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

    /// <summary>A whole small body; null when it is larger than the limit.</summary>
    public async Task<byte[]?> ReadAsync(Stream body, int most, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await WaitAsync(c => body.ReadAsync(buffer, c).AsTask(), cancellation) is > 0 and var read)
        {
            if (bytes.Length + read > most)
                return null;
            await bytes.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        return bytes.ToArray();
    }
}
