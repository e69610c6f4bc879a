using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Monitoring.Profiles;
using Sluice.Onnx;
using Sluice.Runtime.Golden;
using Sluice.Runtime.Models;
using Sluice.Runtime.Profiling;
using Sluice.Support.Models;

namespace Sluice.Benchmarks.Wire;

/// <summary>What it costs to watch, and whether a sink that hangs is felt.</summary>
internal static class MonitoringCost
{
    private const string Expected = """[{"feature":"input","min":0,"max":100,"required":true,"reject":true}]""";

    public static async Task MeasureAsync(HttpClient client, Requests requests, List<Figure> figures)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-bench-monitoring");
        try
        {
            await EverythingAsync(client, requests, figures, folder.FullName);
            await TailAsync(client, requests, figures);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Request metrics, drift against a baseline, remembered predictions, expectations, and one request in a hundred logged.</summary>
    private static async Task EverythingAsync(HttpClient client, Requests requests, List<Figure> figures, string folder)
    {
        string[] everything =
        [
            "--baseline", await BaselineAsync(folder), "--feedback-window", "10000", "--expectations", Expected,
            "--payload-log", "all", "--payload-log-sample", "1", "--payload-log-to", Path.Combine(folder, "payloads.jsonl"),
        ];
        using var on = await Server.RuntimeAsync(client, everything);
        using var off = await Server.RuntimeAsync(client, "--request-metrics", "off");
        await WarmAsync(requests, on, off);
        var turns = await Turns.TakeAsync(
            WireBenchmark.Rate(requests.V2, WireBenchmark.V2(on)), WireBenchmark.Rate(requests.V2, WireBenchmark.V2(off)),
            WireBenchmark.Rate(requests.Binary, WireBenchmark.V2(on)), WireBenchmark.Rate(requests.Binary, WireBenchmark.V2(off)));
        figures.Add(Figure.Ratio("V2 JSON with everything watched, 1 % of payloads logged, against nothing", turns, 0, 1, 0.95));
        figures.Add(Figure.Ratio("V2 binary with everything watched, 1 % of payloads logged, against nothing", turns, 2, 3));
    }

    private static async Task TailAsync(HttpClient client, Requests requests, List<Figure> figures)
    {
        // Takes connections and requests, and never answers.
        using var hung = new TcpListener(IPAddress.Loopback, 0);
        hung.Start(backlog: 512);
        using var plain = await Server.RuntimeAsync(client);
        using var hanging = await Server.RuntimeAsync(client, Logged(100, hung));
        using var sampled = await Server.RuntimeAsync(client, Logged(1, hung));
        await WarmAsync(requests, plain, hanging, sampled);
        var turns = await Turns.TakeAsync(Tail(hanging), Tail(plain), Tail(sampled));
        figures.Add(Figure.Slower("p99 with every payload for a sink that hangs, against no log", turns, 0, 1, 1.1));
        figures.Add(Figure.Slower("p99 with 1 % of payloads for a sink that hangs, against no log", turns, 2, 1, 1.1));

        Func<Task<double>> Tail(Server server) =>
            async () => (await Tool.WrkAsync(requests.V2, WireBenchmark.V2(server), WireBenchmark.Connections)).TailMicroseconds;
    }

    /// <summary>What runs once a second is compiled for good only after thirty to sixty runs.</summary>
    private static async Task WarmAsync(Requests requests, params Server[] servers)
    {
        const int Windows = 70;
        foreach (var server in servers)
        {
            for (var i = 0; i < Windows; i++)
                await Tool.WrkAsync(requests.V2, WireBenchmark.V2(server), WireBenchmark.Connections);
        }
    }

    private static string[] Logged(int percent, TcpListener to) =>
        ["--payload-log", "all", "--payload-log-sample", $"{percent}", "--payload-log-to", $"http://{to.LocalEndpoint}/"];

    private static async Task<string> BaselineAsync(string folder)
    {
        using var served = GoldenReplay.Alone(ModelLoader.Open(TestModels.File("iris/2"), new SessionSettings()), TimeProvider.System);
        var profile = new Profiler(served, new DataFile(Path.Combine(TestModels.Root, "iris", "iris.csv"), ["class"])).Run(1000);
        var file = Path.Combine(folder, ReferenceFiles.Baseline);
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(profile.ToDocument(), ContractJson.Default.ProfileDocument));
        return file;
    }
}
