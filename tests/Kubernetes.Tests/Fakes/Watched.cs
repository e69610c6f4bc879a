using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.Kubernetes.Queue;
using Sluice.Support;
using Sluice.Support.Time;

namespace Sluice.Kubernetes.Tests.Fakes;

/// <summary>An informer at work on a fake server, with what it told written down as text.</summary>
internal sealed class Watched : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _told = new();
    private readonly Task _running;

    public Watched(FakeApi api, ManualTime time, Func<InformerOptions, InformerOptions>? change = null, bool clientToo = false)
    {
        var options = new InformerOptions
        {
            Namespace = "ns",
            Time = time,
            Jitter = new Jitter(new Random(1)),
            Log = Log,
            Backoff = new Backoff(TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(30)) { Floor = 1 },
        };
        Informer = new Informer<ConfigMap>(api.Client(clientToo ? time : null), change?.Invoke(options) ?? options);
        Informer.Subscribe(c => _told.Enqueue(Describe(c)));
        _running = Informer.RunAsync(_stop.Token);
    }

    public Informer<ConfigMap> Informer { get; }

    public ListLogger Log { get; } = new();

    public IReadOnlyList<string> Told => [.. _told];

    /// <summary>Name and value of everything stored, in order.</summary>
    public IEnumerable<string> Stored =>
        Informer.Store.All.OrderBy(m => m.Metadata.Name, StringComparer.Ordinal).Select(m => $"{m.Metadata.Name}={m.Data?["v"]}");

    public Task TellsAsync(params string[] expected) => Eventually.TrueAsync(
        () => Told.Count >= expected.Length && Told.Take(expected.Length).SequenceEqual(expected),
        () => $"told: {string.Join(", ", Told)}; expected: {string.Join(", ", expected)}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await FluentActions.Awaiting(() => Eventually.WithinAsync(_running, "the end of the informer")).Should().ThrowAsync<OperationCanceledException>();
        _stop.Dispose();
    }

    private static string Describe(Change<ConfigMap> change) => change switch
    {
        { Broken: not null } => $"broken {change.Key.Name}",
        { Old: null } => $"new {change.Key.Name}={change.New!.Data?["v"]}",
        { New: null } => $"gone {change.Key.Name}",
        _ => $"{change.Key.Name}={change.Old!.Data?["v"]}->{change.New!.Data?["v"]}",
    };
}

/// <summary>Keeps what was logged.</summary>
internal sealed class ListLogger : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message)> _lines = new();

    public IReadOnlyList<(LogLevel Level, string Message)> Lines => [.. _lines];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, formatter(state, exception)));
}
