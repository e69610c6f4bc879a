using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Runtime.Hosting;
using Sluice.Support.Models;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>A runtime with the test models, in this process, on ports of its own.</summary>
public sealed class GrpcServer : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-grpc-").FullName;
    private RuntimeServer? server;

    internal RuntimeServer Runtime => server!;

    internal GrpcClient Client { get; private set; } = null!;

    internal static long MaxBody => 1 << 20;

    public async Task InitializeAsync()
    {
        foreach (var model in (string[])["iris", "text", "credit"])
            Copy(model, model == "iris" ? "2" : "1");
        Copy("iris", "1");
        LoopModel.Save(Path.Combine(folder, "loop", "1"));
        SameModels.Save(folder);
        HalfModel.Save(Path.Combine(folder, "half", "1"));
        var anywhere = new IPEndPoint(IPAddress.Loopback, 0);
        server = new RuntimeServer(
            new ServeSettings
            {
                Model = folder,
                Revision = "grpc-test",
                Http = anywhere,
                Grpc = anywhere,
                Admin = anywhere,
                MaxBody = MaxBody,
                DrainDelay = TimeSpan.Zero,
                Concurrency = 4,
            },
            NullLoggerFactory.Instance,
            TimeProvider.System);
        await server.StartAsync();
        Client = new GrpcClient(server.Grpc);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await server!.StopAsync(new CancellationToken(canceled: true));
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A sample of the metrics, as Prometheus would read it.</summary>
    internal double Metric(string startsWith)
    {
        var text = System.Text.Encoding.UTF8.GetString(Runtime.State.Metrics.Registry.ToPrometheusText().Span);
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith(startsWith, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Copy(string model, string version)
    {
        var to = Directory.CreateDirectory(Path.Combine(folder, model, version)).FullName;
        File.Copy(TestModels.File($"{model}/{version}"), Path.Combine(to, "model.onnx"));
    }
}
