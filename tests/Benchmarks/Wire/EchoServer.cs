using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.Benchmarks.Wire;

/// <summary>Bare Kestrel: reads the body and sends the same bytes back.</summary>
internal static class EchoServer
{
    public static Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Run(EchoAsync);
        return app.RunAsync();
    }

    private static async Task EchoAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var result = await reader.ReadAsync();
        while (!result.IsCompleted)
        {
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await reader.ReadAsync();
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = result.Buffer.Length;
        await context.Response.StartAsync();
        foreach (var segment in result.Buffer)
            context.Response.BodyWriter.Write(segment.Span);
        reader.AdvanceTo(result.Buffer.End);
    }
}
