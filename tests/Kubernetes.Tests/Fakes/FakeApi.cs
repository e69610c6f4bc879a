using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Queue;
using Sluice.Support.Http;

namespace Sluice.Kubernetes.Tests.Fakes;

/// <summary>
/// An API server that says what a test scripted, in order: one script for lists, one for watches, one for the rest. It
/// imitates no semantics. An unscripted watch stays silent; anything else unscripted is a 500 that says so.
/// </summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly List<KubeClient> _clients = [];

    private FakeApi(LoopbackServer server)
    {
        _server = server;
        server.Handler = AnswerAsync;
    }

    public ConcurrentQueue<Func<FakeApi, HttpContext, Task>> Lists { get; } = new();

    public ConcurrentQueue<Func<FakeApi, HttpContext, Task>> Watches { get; } = new();

    public ConcurrentQueue<Func<FakeApi, HttpContext, Task>> Others { get; } = new();

    public Uri Address => _server.Address;

    public CancellationToken Closing => _server.Closing;

    public IReadOnlyList<RecordedRequest> Requests => _server.Requests;

    public IReadOnlyList<RecordedRequest> ListRequests => [.. Requests.Where(IsList)];

    public IReadOnlyList<RecordedRequest> WatchRequests => [.. Requests.Where(IsWatch)];

    public static async Task<FakeApi> StartAsync() => new(await LoopbackServer.StartAsync());

    public KubeClient Client(TimeProvider? time = null, TimeSpan? timeout = null)
    {
        var client = new KubeClient(new KubeConfig { Server = Address }, new KubeClientOptions
        {
            Time = time ?? TimeProvider.System,
            Jitter = new Jitter(new Random(1)),
            RequestTimeout = timeout ?? TimeSpan.FromSeconds(30),
        });
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        await _server.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var request = RecordedRequest.Of(context);
        if (IsWatch(request))
            return Watches.TryDequeue(out var watch) ? watch(this, context) : Answer.Watch(Answer.Hang)(this, context);
        var script = IsList(request) && !Lists.IsEmpty ? Lists : Others;
        return script.TryDequeue(out var answer)
            ? answer(this, context)
            : Answer.Status(500, "InternalError", $"not scripted: {request.Method} {request.Path}")(this, context);
    }

    private static bool IsWatch(RecordedRequest request) => request.Query("watch") == "true";

    private static bool IsList(RecordedRequest request) =>
        request.Method == "GET" && !IsWatch(request) && request.Path.EndsWith('s');
}
