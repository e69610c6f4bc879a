using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Informers;

namespace Sluice.Operator.Hosting;

/// <summary>
/// <c>/livez</c>: the process answers. <c>/readyz</c>: every informer has its first list; whoever waits for the lease is
/// ready too. <c>/metrics</c>: Prometheus text.
/// </summary>
internal sealed class HealthServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    readonly KestrelServer server;
    readonly MetricRegistry metrics;
    readonly IReadOnlyCollection<IInformer> informers;

    HealthServer(KestrelServer server, MetricRegistry metrics, IReadOnlyCollection<IInformer> informers) =>
        (this.server, this.metrics, this.informers) = (server, metrics, informers);

    /// <summary>Where it listens; the port is the real one when 0 was asked for.</summary>
    public string Address => server.Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <exception cref="IOException">The address is taken or may not be listened on.</exception>
    public static async Task<HealthServer> StartAsync(
        IPEndPoint at, MetricRegistry metrics, IReadOnlyCollection<IInformer> informers, ILoggerFactory logging)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(at, static listen => listen.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logging);
        var health = new HealthServer(new KestrelServer(Options.Create(options), transport, logging), metrics, informers);
        await health.server.StartAsync(health, CancellationToken.None);
        return health;
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/livez" or "/healthz" => AnswerAsync(context, StatusCodes.Status200OK, "ok\n"),
        "/readyz" => Unready() is { } problem
            ? AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, problem)
            : AnswerAsync(context, StatusCodes.Status200OK, "ok\n"),
        "/metrics" => AnswerAsync(context, StatusCodes.Status200OK, metrics.ToPrometheusText(), PrometheusText.ContentType),
        _ => AnswerAsync(context, StatusCodes.Status404NotFound, "ask for /livez, /readyz or /metrics\n"),
    };

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await server.StopAsync(CancellationToken.None);
        server.Dispose();
    }

    string? Unready()
    {
        var behind = informers.Where(static i => !i.Synced.IsCompletedSuccessfully).Select(static i => $"{i.Name}: {i.Problem ?? "still listing"}\n").ToArray();
        return behind.Length == 0 ? null : string.Concat(behind);
    }

    static Task AnswerAsync(HttpContext context, int code, string text) =>
        AnswerAsync(context, code, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");

    static async Task AnswerAsync(HttpContext context, int code, ReadOnlyMemory<byte> body, string type)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
