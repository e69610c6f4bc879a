using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>
/// Repeats what may work the next time: after 0.5 s, then twice as long each time up to 8 s, for a bounded time. An
/// attempt that came further than all before it begins the time anew, so that a long transfer survives many breaks.
/// </summary>
internal sealed class Retry(TimeProvider time, ILogger logger, string address, TimeSpan window, FetchMetrics metrics)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    /// <param name="attempt">What to repeat.</param>
    /// <param name="progress">How far it has ever come, in bytes; null for what is short.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <exception cref="FailureException">It did not work in time, or cannot.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellation, Func<long>? progress = null)
    {
        var began = time.GetTimestamp();
        var pause = First;
        var furthest = 0L;
        while (true)
        {
            TransientException failure;
            try
            {
                return await attempt(cancellation);
            }
            catch (TransientException e)
            {
                failure = e;
            }
            if (progress is not null && progress() > furthest)
                (furthest, began, pause) = (progress(), time.GetTimestamp(), First);
            var wait = failure.RetryAfter is { } asked && asked > pause ? asked : pause;
            if (time.GetElapsedTime(began) + wait > window)
            {
                throw new FailureException(
                    TerminationReasons.Unreachable, $"{address}: {failure.Message}; tried for {window.TotalSeconds:0} s.");
            }
            metrics.Retries();
            Log.FetchRetry(logger, address, failure.Message, wait.TotalSeconds);
            await Task.Delay(wait, time, cancellation);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
    }
}
