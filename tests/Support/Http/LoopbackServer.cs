using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sluice.Support.Http;

/// <summary>
/// A real HTTP server on loopback whose behaviour is one function, good or bad. Stopping it drops every connection.
/// </summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<RecordedRequest> _requests = [];
    private readonly CancellationTokenSource _closing = new();

    private LoopbackServer(WebApplication app) => _app = app;

    /// <summary>What answers; may be exchanged while the server runs.</summary>
    public RequestDelegate Handler { get; set; } = static context =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    };

    public Uri Address { get; private set; } = null!;

    /// <summary>Cancelled when the server stops; handlers that hang wait on it.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Every request so far, in the order in which they came.</summary>
    public IReadOnlyList<RecordedRequest> Requests
    {
        get { lock (_gate) return [.. _requests]; }
    }

    /// <param name="handler">What answers.</param>
    /// <param name="certificate">Serves HTTPS with it when given.</param>
    /// <param name="askForClientCertificate">Accepts any client certificate, for the handler to look at.</param>
    /// <param name="protocols">Kestrel's usual ones when not given.</param>
    public static async Task<LoopbackServer> StartAsync(
        RequestDelegate? handler = null,
        X509Certificate2? certificate = null,
        bool askForClientCertificate = false,
        HttpProtocols? protocols = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols ?? listen.Protocols;
                if (certificate is null)
                    return;
                listen.UseHttps(certificate, https =>
                {
                    https.ClientCertificateMode = askForClientCertificate
                        ? ClientCertificateMode.AllowCertificate
                        : ClientCertificateMode.NoCertificate;
                    https.AllowAnyClientCertificate();
                });
            });
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(static host => host.ShutdownTimeout = TimeSpan.Zero);
        var server = new LoopbackServer(builder.Build());
        if (handler is not null)
            server.Handler = handler;
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Urls.First());
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _app.DisposeAsync();
        _closing.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = await RecordedRequest.ReadAsync(context.Request);
        lock (_gate)
            _requests.Add(request);
        context.Items[typeof(RecordedRequest)] = request;
        try
        {
            await Handler(context);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested || context.RequestAborted.IsCancellationRequested)
        {
            // A handler that hung until one side went away.
        }
    }
}

/// <summary>One request as it arrived, with its body.</summary>
public sealed record RecordedRequest(
    string Method, string Path, string QueryString, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset At)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    /// <summary>Null when the parameter is absent.</summary>
    public string? Query(string name) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(QueryString).TryGetValue(name, out var value)
            ? value.ToString()
            : null;

    /// <summary>The request that <paramref name="context"/> answers.</summary>
    public static RecordedRequest Of(HttpContext context) => (RecordedRequest)context.Items[typeof(RecordedRequest)]!;

    internal static async Task<RecordedRequest> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return new RecordedRequest(
            request.Method,
            request.Path.Value ?? "",
            request.QueryString.Value ?? "",
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            TimeProvider.System.GetUtcNow());
    }
}
