namespace Sluice.Support;

/// <summary>Waiting for what has to become true. The limit is only for tests that fail; none depends on speed.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? limit = null) =>
        TrueAsync(condition, () => what, limit);

    public static Task TrueAsync(Func<bool> condition, Func<string> what, TimeSpan? limit = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, limit);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null) =>
        TrueAsync(condition, () => what, limit);

    /// <param name="condition">Looked at again and again.</param>
    /// <param name="what">What was waited for, and how things are, for the message of a failure.</param>
    /// <param name="limit">One minute when not given.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? limit = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > (limit ?? Limit))
                throw new TimeoutException($"Not within {limit ?? Limit}: {what()}");
            await Task.Delay(Step, TimeProvider.System);
        }
    }

    /// <summary>Repeats assertions until they hold; the last failure is the test's.</summary>
    public static async Task HoldsAsync(Action assertions, TimeSpan? limit = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                assertions();
                return;
            }
            catch (Exception) when (TimeProvider.System.GetElapsedTime(started) <= (limit ?? Limit))
            {
                await Task.Delay(Step, TimeProvider.System);
            }
        }
    }

    /// <summary>A task that ought to end; a hang becomes a failure that names it.</summary>
    public static async Task<T> WithinAsync<T>(Task<T> task, string what, TimeSpan? limit = null)
    {
        await WithinAsync((Task)task, what, limit);
        return await task;
    }

    /// <inheritdoc cref="WithinAsync{T}"/>
    public static async Task WithinAsync(Task task, string what, TimeSpan? limit = null)
    {
        try
        {
            await task.WaitAsync(limit ?? Limit, TimeProvider.System);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Not within {limit ?? Limit}: {what}", e);
        }
    }
}
