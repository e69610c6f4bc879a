using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.Benchmarks.Wire;

/// <summary>
/// Bare Kestrel: reads the whole body and answers, at each path, the bytes that the runtime answered to the same body;
/// elsewhere the body itself.
/// </summary>
internal static class EchoServer
{
    /// <param name="port">On loopback.</param>
    /// <param name="answers">A folder; its file NAME is answered at /NAME.</param>
    public static Task RunAsync(int port, string answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        var known = Directory.EnumerateFiles(answers).ToDictionary(f => "/" + Path.GetFileName(f), File.ReadAllBytes);
        app.Run(context => AnswerAsync(context, known));
        return app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext context, Dictionary<string, byte[]> known)
    {
        var reader = context.Request.BodyReader;
        var result = await reader.ReadAsync();
        while (!result.IsCompleted)
        {
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await reader.ReadAsync();
        }
        var body = result.Buffer;
        var answer = known.TryGetValue(context.Request.Path.Value!, out var bytes) ? new ReadOnlySequence<byte>(bytes) : body;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.StartAsync();
        foreach (var segment in answer)
            context.Response.BodyWriter.Write(segment.Span);
        reader.AdvanceTo(body.End);
    }
}
