namespace Sluice.Runtime.Hosting;

/// <summary>Does something again and again, never twice at a time, until it is disposed of.</summary>
/// <param name="work">Throws nothing: it would not be done again.</param>
/// <param name="interval">From one time to the next.</param>
internal sealed class Recurring(Action work, TimeSpan interval, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    /// <summary>The first time is after one interval.</summary>
    public void Start() => running = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var ticks = new PeriodicTimer(interval, time);
        try
        {
            while (await ticks.WaitForNextTickAsync(stopping.Token))
                work();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The pod stops.
        }
    }
}
