using System.Net;

namespace Sluice.Integration.World;

/// <summary>Requests that go on while something changes; every answer that is not 200 is kept.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly List<string> _failures = [];
    readonly Task _running;
    int _answers;

    Traffic(Space space, string service, string path, string body, TimeSpan pause) =>
        _running = Task.Run(() => RunAsync(space, service, path, body, pause));

    public int Answers => Volatile.Read(ref _answers);

    public static Traffic Start(Space space, string service, string path, string body, TimeSpan? pause = null) =>
        new(space, service, path, body, pause ?? TimeSpan.FromMilliseconds(20));

    /// <summary>Stops, and returns what failed.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        return _failures;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    async Task RunAsync(Space space, string service, string path, string body, TimeSpan pause)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var (code, answer) = await space.AskModelAsync(service, path, body);
                Interlocked.Increment(ref _answers);
                if (code != HttpStatusCode.OK) _failures.Add($"{(int)code}: {answer}");
            }
            catch (HttpRequestException broken)
            {
                _failures.Add(broken.Message);
            }
            await Task.Delay(pause, TimeProvider.System);
        }
    }
}
