using System.Globalization;
using System.Text.Json;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Hostile.Fuzzing;

/// <summary>A process that serves models of all kinds, and what every answer of it must be.</summary>
internal sealed class FuzzServer : IAsyncDisposable
{
    private readonly string folder;

    private FuzzServer(string folder, RuntimeProgram program)
    {
        (this.folder, Program) = (folder, program);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = program.Http, Timeout = TimeSpan.FromMinutes(2) };
    }

    public RuntimeProgram Program { get; }

    public HttpClient Client { get; }

    public static async Task<FuzzServer> StartAsync()
    {
        var models = Directory.CreateTempSubdirectory("sluice-fuzz-").FullName;
        foreach (var model in (string[])["iris/2", "text/1", "credit/1"])
        {
            Directory.CreateDirectory(Path.Combine(models, model));
            File.CreateSymbolicLink(Path.Combine(models, model, "model.onnx"), TestModels.File(model));
        }
        SameModels.Save(models);
        return new FuzzServer(models, await RuntimeProgram.StartAsync(models));
    }

    /// <summary>Managed memory in bytes that is still in use: after a full collection.</summary>
    public async Task<double> HeapAsync()
    {
        await ForcedCollection.RunAsync(Program.Program.Id);
        var metrics = await Client.GetStringAsync(new Uri(Program.Admin, "/metrics"));
        var line = metrics.Split('\n').Single(l => l.StartsWith(MetricNames.ManagedHeap + " ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <returns>The status, and what is wrong with the answer; null when nothing is.</returns>
    public async Task<(int Status, string? Wrong)> SendAsync(HttpRequestMessage message)
    {
        using var answer = await Client.SendAsync(message);
        var body = await answer.Content.ReadAsByteArrayAsync();
        var status = (int)answer.StatusCode;
        if (status == 200)
            return (status, null);
        if (status is < 400 or > 499)
            return (status, $"{status} {System.Text.Encoding.UTF8.GetString(body)}");
        return (status, WrongError(body) is { } wrong ? $"{status} {wrong}: {System.Text.Encoding.UTF8.GetString(body)}" : null);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Program.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string? WrongError(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var text = json.RootElement.GetProperty("error").GetString();
            return string.IsNullOrWhiteSpace(text) ? "no message"
                : text.Contains(folder, StringComparison.Ordinal) || text.Contains(".cs:", StringComparison.Ordinal) ? "a path in the message"
                : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"no error document ({e.Message})";
        }
    }
}
