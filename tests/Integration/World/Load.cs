using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Sluice.Support.Models;

namespace Sluice.Integration.World;

/// <summary>
/// Callers of a service at its cluster address, half over REST and half over gRPC, who go on while something changes. Who
/// answered is counted, and every answer that is not good is kept.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    public const int PerSecond = 200;

    const int Resends = 3;

    /// <summary>HTTP/2's code in a GOAWAY that ends a connection in good order.</summary>
    const long NoError = 0;

    /// <summary>Where a local cluster listens in place of port 80 when it may not.</summary>
    const int UnprivilegedPort = 8080;

    /// <summary>Callers who wait too long are callers who were failed.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Shorter than a pod drains: a connection that was idle all that time has not heard that it ends, and what is sent
    /// on it in that moment is lost. That race is HTTP/1.1's own, and every client that keeps connections avoids it so.
    /// </summary>
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true, PooledConnectionIdleTimeout = Idle })
    {
        Timeout = Patience,
    };
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentQueue<string> _failures = new();
    readonly ConcurrentDictionary<string, Answerer> _answerers = new();
    readonly Uri _rest;
    readonly Uri _grpc;
    readonly string[] _bodies;
    readonly byte[][] _messages;
    readonly Task _running;
    int _answers;
    int _resent;
    int _row;

    Load(string address, int port, string service)
    {
        _rest = new Uri($"http://{address}:{port}/v1/models/{service}:predict");
        _grpc = new Uri($"http://{address}:9000/inference.GRPCInferenceService/ModelInfer");
        _bodies = [.. Iris.Rows.Select(static row => $$"""{"instances": [[{{string.Join(", ", row.Features.Select(static f => f.ToString(CultureInfo.InvariantCulture)))}}]]}""")];
        _messages = [.. Iris.Rows.Select(row => Message(service, row.Features))];
        _running = Task.Run(RunAsync);
    }

    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Those that have answered.</summary>
    public ICollection<string> Revisions => _answerers.Keys;

    /// <summary>What a revision has answered so far; null when nothing.</summary>
    public Answerer? Of(string revision) => _answerers.GetValueOrDefault(revision);

    /// <summary>Calls over gRPC that crossed the end of their connection and were sent again.</summary>
    public int Resent => Volatile.Read(ref _resent);

    public static async Task<Load> StartAsync(Space space, string service)
    {
        var front = await space.GetAsync("services", service);
        var address = (string)front!["spec"]!["clusterIP"]!;
        return new Load(address, await ListensAsync(address, 80) ? 80 : UnprivilegedPort, service);
    }

    static async Task<bool> ListensAsync(string address, int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Many requests at once, beside those that go on; who answered how many.</summary>
    public async Task<Dictionary<string, int>> BurstAsync(bool grpc, int count, int callers = 16)
    {
        var answered = new ConcurrentDictionary<string, int>();
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                if (await AskAsync(grpc) is { } revision)
                    answered.AddOrUpdate(revision, 1, static (_, n) => n + 1);
            }
        }));
        return new Dictionary<string, int>(answered);
    }

    /// <summary>One request over REST.</summary>
    /// <returns>Who answered; null when it failed, which is kept.</returns>
    public Task<string?> AskAsync(params (string Name, string Value)[] headers) => AskAsync(grpc: false, headers);

    /// <summary>Stops, and returns what failed.</summary>
    public async Task<IReadOnlyCollection<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        return _failures;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    /// <summary>At a rate, not one after the other: a slow answer must not spare the service the next requests.</summary>
    async Task RunAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        var under = new List<Task>();
        for (var sent = 0; !_stop.IsCancellationRequested;)
        {
            for (var due = (int)(TimeProvider.System.GetElapsedTime(began).TotalSeconds * PerSecond); sent < due; sent++)
                under.Add(AskAsync(grpc: sent % 2 == 1));
            under.RemoveAll(static t => t.IsCompleted);
            await Task.Delay(Tick, TimeProvider.System);
        }

        await Task.WhenAll(under);
    }

    async Task<string?> AskAsync(bool grpc, params (string Name, string Value)[] headers)
    {
        var at = TimeProvider.System.GetUtcNow();
        try
        {
            using var answer = await SendAsync(grpc, headers);
            Interlocked.Increment(ref _answers);
            var body = await answer.Content.ReadAsByteArrayAsync();
            if (answer.StatusCode == HttpStatusCode.OK && (!grpc || Status(answer) == "0"))
            {
                var revision = answer.Headers.GetValues("x-sluice-revision").Single();
                _answerers.AddOrUpdate(revision, new Answerer(1, at), (_, before) => new Answerer(before.Answers + 1, before.LastAsked > at ? before.LastAsked : at));
                return revision;
            }

            _failures.Enqueue($"{at:HH:mm:ss.fff} {(grpc ? "gRPC " : "")}{(int)answer.StatusCode} {Status(answer)}: {Encoding.UTF8.GetString(body)}");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException or InvalidOperationException)
        {
            _failures.Enqueue($"{at:HH:mm:ss.fff} {(grpc ? "gRPC " : "")}{Chain(broken)}");
        }

        return null;
    }

    static string Chain(Exception? error) =>
        error is null ? "" : $"{error.GetType().Name}: {error.Message} {Chain(error.InnerException)}";

    /// <summary>
    /// A server that closes an HTTP/2 connection names the last stream that it has taken. What crossed that on the wire
    /// was not worked on, and every gRPC client has to send it again by itself; .NET's HTTP client does so only before it
    /// has begun with the body.
    /// </summary>
    async Task<HttpResponseMessage> SendAsync(bool grpc, (string Name, string Value)[] headers)
    {
        for (var left = Resends; ; left--)
        {
            var row = (uint)Interlocked.Increment(ref _row) % Iris.Rows.Count;
            using var request = grpc ? Grpc(_messages[row]) : Rest(_bodies[row]);
            foreach (var (name, value) in headers)
                request.Headers.Add(name, value);
            try
            {
                return await _client.SendAsync(request);
            }
            catch (HttpRequestException e) when (grpc && left > 0 && e.InnerException is HttpProtocolException { ErrorCode: NoError })
            {
                Interlocked.Increment(ref _resent);
            }
        }
    }

    HttpRequestMessage Rest(string body) => new(HttpMethod.Post, _rest) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    HttpRequestMessage Grpc(byte[] message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _grpc)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(message) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.ParseAdd("trailers");
        return request;
    }

    static string? Status(HttpResponseMessage answer) =>
        answer.TrailingHeaders.TryGetValues("grpc-status", out var late) || answer.Headers.TryGetValues("grpc-status", out late) ? late.Single() : null;

    /// <summary>A row, framed for gRPC.</summary>
    static byte[] Message(string model, double[] features)
    {
        var row = features.SelectMany(static f => BitConverter.GetBytes((float)f)).ToArray();
        var input = new ProtoBuilder().Text(1, "input").Text(2, "FP32").Number(3, 1).Number(3, 4);
        var message = new ProtoBuilder().Text(1, model).Message(5, input).Bytes(7, row).ToArray();
        var frame = new byte[5 + message.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }
}

/// <summary>What one revision has answered.</summary>
/// <param name="Answers">How many requests.</param>
/// <param name="LastAsked">When the last of them was sent.</param>
internal sealed record Answerer(int Answers, DateTimeOffset LastAsked);
