using System.Text;
using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Tracing;

namespace Sluice.Runtime.Routing;

/// <summary>What came of passing a request on.</summary>
/// <param name="Outcome">One of <see cref="RouteOutcomes"/>; answered as long as nobody has looked at the status.</param>
/// <param name="Response">Null when there is none.</param>
/// <param name="Body">The response's, whole.</param>
internal sealed record Passed(string Outcome, HttpResponseMessage? Response, ReadOnlyMemory<byte> Body)
{
    public bool HasNotFinite => Response?.Headers.NonValidated.Contains(Headers.NotFinite) is true;

    public static Passed Without(string outcome) => new(outcome, null, default);
}

/// <summary>Sends requests to other pods over pooled connections and holds each answer until it is whole.</summary>
internal sealed class Forwarder : IDisposable
{
    /// <summary>An answer beyond it counts as failed: it has to be held to be exchangeable.</summary>
    private const long LongestAnswer = 256L << 20;

    /// <summary>
    /// A Service deals out connections, not requests, and one connection of HTTP/2 takes all that one pod sends. So
    /// requests go round over several pools, whose connections are renewed.
    /// </summary>
    public const int Pools = 8;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromSeconds(15);

    /// <summary>Inside a cluster it takes a millisecond; the address of a node that is gone would take for ever.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Finds the connection to a pod that vanished without a word.</summary>
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(2);

    private readonly TimeProvider time;
    private readonly HttpMessageInvoker[] pools = new HttpMessageInvoker[Pools];
    private uint turn;

    public Forwarder(TimeProvider time)
    {
        this.time = time;
        for (var i = 0; i < Pools; i++)
            pools[i] = new HttpMessageInvoker(Handler());
    }

    /// <param name="request">To send; disposed of here.</param>
    /// <param name="patience">Afterwards it is late.</param>
    /// <param name="callerGone">The one it is done for.</param>
    public Task<Passed> SendAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken callerGone) =>
        SendAsync("forward", request, patience, callerGone);

    /// <summary>The same for what nobody waits for.</summary>
    public Task<Passed> CopyAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken stopping) =>
        SendAsync("shadow", request, patience, stopping);

    private Task<Passed> SendAsync(string what, HttpRequestMessage request, TimeSpan patience, CancellationToken cancel) =>
        Traces.On ? TracedAsync(what, request, patience, cancel) : TryAsync(request, patience, cancel);

    private async Task<Passed> TracedAsync(string what, HttpRequestMessage request, TimeSpan patience, CancellationToken cancel)
    {
        using var span = Traces.Begin(what, request);
        var passed = await TryAsync(request, patience, cancel);
        Traces.End(span, passed);
        return passed;
    }

    private async Task<Passed> TryAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken callerGone)
    {
        using var owned = request;
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, callerGone);
        HttpResponseMessage? response = null;
        try
        {
            var pool = pools[Interlocked.Increment(ref turn) % Pools];
            response = await pool.SendAsync(request, either.Token);
            await response.Content.LoadIntoBufferAsync(LongestAnswer, either.Token);
            return new Passed(RouteOutcomes.Answered, response, await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (Exception e)
        {
            // Whatever goes wrong on the way to another pod, users are answered here.
            response?.Dispose();
            return Passed.Without(Why(e, callerGone, late.Token));
        }
    }

    public void Dispose() => Array.ForEach(pools, static p => p.Dispose());

    private static SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        // What is traced is decided in Traces; otherwise the caller's context is passed on as it is.
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        KeepAlivePingDelay = PingAfter,
        KeepAlivePingTimeout = PingAfter,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
    };

    private static string Why(Exception error, CancellationToken callerGone, CancellationToken late) => error switch
    {
        _ when callerGone.IsCancellationRequested => RouteOutcomes.Cancelled,
        _ when late.IsCancellationRequested => RouteOutcomes.Late,
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse } =>
            RouteOutcomes.Failed,
        _ => RouteOutcomes.Unreachable,
    };
}
