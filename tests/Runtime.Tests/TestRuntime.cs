using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Runtime.Hosting;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests;

/// <summary>The whole runtime in this process, on ports of its own, with a client to ask it.</summary>
internal sealed class TestRuntime : IAsyncDisposable
{
    private readonly SocketsHttpHandler handler = new();

    private TestRuntime(RuntimeServer server)
    {
        Server = server;
        Client = new HttpClient(handler, disposeHandler: false) { BaseAddress = server.Http };
    }

    public RuntimeServer Server { get; }

    public HttpClient Client { get; }

    /// <param name="model">A folder of tests/Models, or a path.</param>
    public static async Task<TestRuntime> StartAsync(
        string model, string? name = null, Func<ServeSettings, ServeSettings>? adjust = null)
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        var settings = new ServeSettings
        {
            Model = Path.IsPathRooted(model) ? model : TestModels.Folder(model),
            Name = name,
            Http = any,
            Grpc = any,
            Admin = any,
            Revision = "r1",
            DrainDelay = TimeSpan.Zero,
            OnEventThread = true,
        };
        var server = new RuntimeServer(adjust?.Invoke(settings) ?? settings, NullLoggerFactory.Instance, TimeProvider.System);
        try
        {
            await server.StartAsync();
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        return new TestRuntime(server);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, string json, string? type = "application/json") =>
        SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(json), type);

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, byte[]? body, string? type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        }
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await Client.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            await response.Content.ReadAsByteArrayAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public async Task<string> MetricsAsync()
    {
        using var response = await Client.GetAsync(new Uri(Server.Admin, "/metrics"));
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        handler.Dispose();
        await Server.StopAsync(new CancellationToken(canceled: true));
        await Server.DisposeAsync();
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Also shows that the answer is valid JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement.Clone();

    public string Error => Json.GetProperty("error").GetString()!;
}
