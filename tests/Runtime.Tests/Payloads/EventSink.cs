using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.Runtime.Tests.Payloads;

/// <summary>Takes events as long as it is told to, and keeps them.</summary>
internal sealed class EventSink : IAsyncDisposable
{
    private readonly WebApplication application;

    private EventSink(WebApplication application) => this.application = application;

    /// <summary>Answers an event; 202 when nothing else is set.</summary>
    public Func<HttpContext, Task> Behave { get; set; } = static context =>
    {
        context.Response.StatusCode = 202;
        return Task.CompletedTask;
    };

    /// <summary>What was taken with a status below 300.</summary>
    public ConcurrentQueue<(Dictionary<string, string> Headers, byte[] Body)> Taken { get; } = new();

    public Uri Address => new(application.Urls.First());

    public static async Task<EventSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var sink = new EventSink(builder.Build());
        sink.application.Run(sink.TakeAsync);
        await sink.application.StartAsync();
        return sink;
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        await Behave(context);
        if (context.Response.StatusCode < 300)
            Taken.Enqueue((context.Request.Headers.ToDictionary(static h => h.Key.ToLowerInvariant(), static h => h.Value.ToString()), body.ToArray()));
    }
}
