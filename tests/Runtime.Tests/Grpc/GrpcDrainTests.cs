using System.Net.Http.Headers;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Support;
using Sluice.Support.Models;
using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Grpc;

/// <summary>A server that is told to stop finishes what it has begun and sends clients elsewhere.</summary>
public sealed class GrpcDrainTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-grpc-drain-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task No_call_of_a_client_under_load_fails_when_one_of_two_servers_stops()
    {
        await using var first = await RuntimeProgram.StartAsync(TestModels.Folder("iris"), "--name", "iris", "--drain-delay", "200ms");
        await using var second = await RuntimeProgram.StartAsync(TestModels.Folder("iris"), "--name", "iris");
        await using var client = RunningProgram.Start(
            "node", [JsClient.Script("load.mjs"), $"ipv4:{first.Grpc.Authority},{second.Grpc.Authority}"]);
        await client.WaitForAsync("under load", Limit);
        await first.Program.SignalAsync("TERM");
        (await first.Program.ExitAsync(Limit)).Should().Be(0, first.Program.Output);
        await Eventually.TrueAsync(() => Answered(second) > 100, "the other server to take over");
        await client.SignalAsync("INT");
        (await client.ExitAsync(Limit)).Should().Be(0, client.Output);
        var result = JsClient.Result(client.Output);
        result.GetProperty("failed").GetRawText().Should().Be("[]");
        result.GetProperty("succeeded").GetInt32().Should().BeGreaterThan(200);
    }

    [Fact]
    public async Task A_running_inference_is_finished_and_a_watcher_is_told()
    {
        LoopModel.Save(Path.Combine(folder, "loop", "1"));
        await using var server = await RuntimeProgram.StartAsync(folder, "--drain-delay", "0s", "--drain-timeout", "60s");
        using var client = new GrpcClient(server.Grpc);
        using var watch = await client.OpenAsync(GrpcClient.Health + "Watch", [], CancellationToken.None);
        watch.Content.Headers.ContentType.Should().Be(new MediaTypeHeaderValue("application/grpc"));
        var running = client.InferAsync(LoopModel.Request(3_000_000));
        await Eventually.TrueAsync(() => Metric(server, "sluice_requests_in_flight{model=\"loop\"") > 0, "the inference to begin");
        await server.Program.SignalAsync("TERM");
        var statuses = await Eventually.WithinAsync(watch.Content.ReadAsByteArrayAsync(), "the end of the watch");
        statuses.Chunk(7).Select(frame => frame[^1]).Should().Equal(1, 2);
        watch.TrailingHeaders.GetValues("grpc-status").Should().Equal("14");
        (await running).Code.Should().Be(0);
        (await server.Program.ExitAsync(Limit)).Should().Be(0, server.Program.Output);
    }

    private static double Answered(RuntimeProgram server) => Metric(server, "sluice_requests_total{model=\"iris\"");

    private static double Metric(RuntimeProgram server, string startsWith)
    {
        using var handler = new SocketsHttpHandler();
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Admin, "/metrics"));
        using var response = http.Send(request);
        using var text = new StreamReader(response.Content.ReadAsStream());
        var line = text.ReadToEnd().Split('\n').FirstOrDefault(l => l.StartsWith(startsWith, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
