using System.Globalization;

namespace Sluice.Benchmarks.Wire;

/// <summary>
/// Loads the published runtime and, in turns with it, a bare Kestrel echo of the same bytes. Windows of both alternate,
/// so that a noisy machine disturbs them alike; the figures are ratios of medians.
/// </summary>
internal static class WireBenchmark
{
    private const int Seconds = 3;
    private const int Connections = 16;

    /// <summary>Windows per load; SLUICE_BENCH_ROUNDS changes it.</summary>
    private static readonly int Rounds = int.Parse(
        Environment.GetEnvironmentVariable("SLUICE_BENCH_ROUNDS") ?? "5", CultureInfo.InvariantCulture);

    public static async Task<int> RunAsync()
    {
        if (!Tool.Has("wrk") || !Tool.Has("h2load"))
        {
            await Console.Error.WriteLineAsync("The wire benchmark needs wrk and h2load (Debian: apt-get install wrk nghttp2-client).");
            return 1;
        }
        using var requests = new Requests();
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);
        var figures = new List<Figure>();
        var raw = RawInference.MedianMicroseconds();
        using var echo = await Server.EchoAsync(client);
        using var runtime = await Server.RuntimeAsync(client);
        figures.Add(new Figure("process start to ready", runtime.Start.TotalMilliseconds, 300, AtLeast: false, "ms"));
        await ThroughputAsync(requests, echo, runtime, figures);
        await LatencyAsync(requests, runtime, raw, figures);
        await AllocationAsync(client, requests, runtime, figures);
        figures.Add(new Figure(
            "resident memory after the load", await runtime.MetricAsync(client, "process_resident_memory_bytes") / 1e6, 100, AtLeast: false, "MB"));
        await MetricsCostAsync(client, requests, runtime, figures);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nraw ONNX Runtime p50 {raw:0.0} µs; medians of {Rounds} windows of {Seconds} s"));
        figures.ForEach(Console.WriteLine);
        return 0;
    }

    private static async Task ThroughputAsync(Requests requests, Server echo, Server runtime, List<Figure> figures)
    {
        var medians = await AlternateAsync(
            () => Tool.WrkAsync(requests.V2, $"http://127.0.0.1:{echo.Port}/", Connections, Seconds),
            () => Tool.WrkAsync(requests.V1, Url(runtime, "v1/models/iris:predict"), Connections, Seconds),
            () => Tool.WrkAsync(requests.V2, Url(runtime, "v2/models/iris/infer"), Connections, Seconds),
            () => Tool.WrkAsync(requests.Binary, Url(runtime, "v2/models/iris/infer"), Connections, Seconds),
            () => Tool.H2LoadAsync(requests.Grpc, $"http://127.0.0.1:{runtime.Grpc}/inference.GRPCInferenceService/ModelInfer", 4, 16, Seconds));
        var (bare, v1, v2, binary, grpc) = (medians[0], medians[1], medians[2], medians[3], medians[4]);
        figures.Add(new Figure("V1 JSON, 16 connections, against the echo", v1 / bare, 0.75, true, "x", Pair(v1, bare)));
        figures.Add(new Figure("V2 JSON, 16 connections, against the echo", v2 / bare, 0.75, true, "x", Pair(v2, bare)));
        figures.Add(new Figure("V2 binary, 16 connections, against the echo", binary / bare, 0.75, true, "x", Pair(binary, bare)));
        figures.Add(new Figure("gRPC, 4 connections × 16 streams, against V2 JSON", grpc / v2, 1.3, true, "x", Pair(grpc, v2)));
    }

    private static async Task LatencyAsync(Requests requests, Server runtime, double raw, List<Figure> figures)
    {
        var windows = new List<double>();
        for (var i = 0; i < Rounds; i++)
            windows.Add((await Tool.WrkAsync(requests.V2, Url(runtime, "v2/models/iris/infer"), 1, Seconds)).MedianMicroseconds);
        figures.Add(new Figure("p50 added to raw by V2 JSON at one connection", Median(windows) - raw, 60, false, "µs"));
    }

    private static async Task AllocationAsync(HttpClient client, Requests requests, Server runtime, List<Figure> figures)
    {
        var infer = Url(runtime, "v2/models/iris/infer");
        await Measure("V2 JSON", 1024, "v2", () => Tool.WrkAsync(requests.V2, infer, Connections, Seconds));
        await Measure("V1 JSON", 1024, "v1", () => Tool.WrkAsync(requests.V1, Url(runtime, "v1/models/iris:predict"), Connections, Seconds));
        await Measure("V2 binary", 512, "v2", () => Tool.WrkAsync(requests.Binary, infer, Connections, Seconds));
        await Measure("gRPC", 512, "grpc", () => Tool.H2LoadAsync(
            requests.Grpc, $"http://127.0.0.1:{runtime.Grpc}/inference.GRPCInferenceService/ModelInfer", 4, 16, Seconds));

        async Task Measure(string what, double floor, string protocol, Func<Task<Window>> load)
        {
            var (bytes, count) = await CountersAsync(protocol);
            await load();
            var (bytesAfter, countAfter) = await CountersAsync(protocol);
            figures.Add(new Figure($"managed allocation per request, {what}", (bytesAfter - bytes) / (countAfter - count), floor, false, "B"));
        }

        async Task<(double Bytes, double Count)> CountersAsync(string protocol) => (
            await runtime.MetricAsync(client, "dotnet_gc_allocated_bytes_total"),
            await runtime.MetricAsync(client, "sluice_requests_total{", $"protocol=\"{protocol}\""));
    }

    private static async Task MetricsCostAsync(HttpClient client, Requests requests, Server runtime, List<Figure> figures)
    {
        using var without = await Server.RuntimeAsync(client, "--request-metrics", "off");
        var medians = await AlternateAsync(
            () => Tool.WrkAsync(requests.V2, Url(runtime, "v2/models/iris/infer"), Connections, Seconds),
            () => Tool.WrkAsync(requests.V2, Url(without, "v2/models/iris/infer"), Connections, Seconds));
        figures.Add(new Figure("V2 JSON with metrics against without", medians[0] / medians[1], 0.95, true, "x", Pair(medians[0], medians[1])));
    }

    /// <summary>Medians of each load's windows, taken in turns after one round to warm up.</summary>
    private static async Task<double[]> AlternateAsync(params Func<Task<Window>>[] loads)
    {
        var windows = loads.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < loads.Length; i++)
            {
                var window = await loads[i]();
                if (round > 0)
                    windows[i].Add(window.PerSecond);
            }
            await Console.Error.WriteAsync('.');
        }
        return [.. windows.Select(Median)];
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static string Url(Server server, string path) => $"http://127.0.0.1:{server.Port}/{path}";

    private static string Pair(double a, double b) =>
        string.Create(CultureInfo.InvariantCulture, $"({a:0}/s, {b:0}/s)");
}
