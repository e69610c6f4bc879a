using System.Globalization;

namespace Sluice.Benchmarks.Wire;

/// <summary>
/// Loads the published runtime and, in turns with it, a bare Kestrel that takes and gives the same bytes. Windows of both
/// alternate, so that a noisy machine disturbs them alike; the figures are ratios of medians.
/// </summary>
internal static class WireBenchmark
{
    public const int Seconds = 2;
    public const int Connections = 16;

    /// <summary>Requests per second of the field's Python servers, measured once on two cores; they are not run here.</summary>
    private const double FastApi = 10_800, KServe = 3_800;

    /// <summary>Windows per load; SLUICE_BENCH_ROUNDS changes it.</summary>
    private static readonly int Rounds = int.Parse(
        Environment.GetEnvironmentVariable("SLUICE_BENCH_ROUNDS") ?? "5", CultureInfo.InvariantCulture);

    /// <summary>As in the runtime's project file.</summary>
    private static readonly (string, string)[] RuntimeSettings =
        [("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "8"), ("DOTNET_gcConcurrent", "0"), ("DOTNET_GCGen0MaxBudget", "200000")];

    public static async Task<int> RunAsync()
    {
        if (!await Tool.AreThereAsync())
            return 1;
        using var requests = new Requests();
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);
        var figures = new List<Figure>();
        var raw = RawInference.MedianMicroseconds();
        await StartAsync(client, figures);
        using var runtime = await Server.RuntimeAsync(client);
        await ThroughputAsync(client, requests, runtime, figures);
        await LatencyAsync(requests, runtime, raw, figures);
        await AllocationAsync(client, requests, runtime, figures);
        figures.Add(await MemoryAsync(client, runtime, "resident memory after the load of all protocols", double.NaN));
        await MemoryAsync(client, requests, figures);
        await MetricsCostAsync(client, requests, runtime, figures);
        await MonitoringCost.MeasureAsync(client, requests, figures);
        await BatchAsync(client, requests, figures);
        Size(figures);
        Figure.Print(
            string.Create(CultureInfo.InvariantCulture, $"the wire; raw ONNX Runtime p50 {raw:0.0} µs; medians of {Rounds} windows of {Seconds} s"),
            figures);
        return 0;
    }

    private static async Task StartAsync(HttpClient client, List<Figure> figures)
    {
        var times = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            using var started = await Server.RuntimeAsync(client);
            times.Add(started.Start.TotalMilliseconds);
        }
        figures.Add(new Figure("process start to ready", Median(times), 300, AtLeast: false, "ms"));
    }

    private static async Task ThroughputAsync(HttpClient client, Requests requests, Server runtime, List<Figure> figures)
    {
        using var answers = new Answers();
        await answers.RecordAsync(client, "v1", V1(runtime), Requests.V1Json);
        await answers.RecordAsync(client, "v2", V2(runtime), Requests.V2Json);
        using var bare = await Server.EchoAsync(client, answers.Folder);
        using var tuned = await Server.EchoAsync(client, answers.Folder, RuntimeSettings);
        var m = await AlternateAsync(
            () => Tool.WrkAsync(requests.V1, Url(bare, "v1"), Connections, Seconds),
            () => Tool.WrkAsync(requests.V2, Url(bare, "v2"), Connections, Seconds),
            () => Tool.WrkAsync(requests.V1, V1(runtime), Connections, Seconds),
            () => Tool.WrkAsync(requests.V2, V2(runtime), Connections, Seconds),
            () => Tool.WrkAsync(requests.Binary, V2(runtime), Connections, Seconds),
            () => Tool.H2LoadAsync(requests.Grpc, GrpcUrl(runtime), 4, 16, Seconds),
            () => Tool.WrkAsync(requests.V2, Url(tuned, "v2"), Connections, Seconds));
        var (v1Bare, v2Bare, v1, v2, binary, grpc, v2Tuned) = (m[0], m[1], m[2], m[3], m[4], m[5], m[6]);
        figures.Add(new Figure("V1 JSON, 16 connections, against a bare Kestrel", v1 / v1Bare, 0.75, true, "x", Pair(v1, v1Bare)));
        figures.Add(new Figure("V2 JSON, 16 connections, against a bare Kestrel", v2 / v2Bare, 0.75, true, "x", Pair(v2, v2Bare)));
        figures.Add(new Figure("same, Kestrel with the runtime's settings of .NET", v2 / v2Tuned, double.NaN, true, "x", Pair(v2, v2Tuned)));
        figures.Add(new Figure("V2 binary, 16 connections, against the bare Kestrel of V2", binary / v2Bare, double.NaN, true, "x", Pair(binary, v2Bare)));
        figures.Add(new Figure("V2 JSON against FastAPI + uvicorn + onnxruntime", v2 / FastApi, 3, true, "x", Recorded(FastApi)));
        figures.Add(new Figure("V2 JSON against KServe's Python server", v2 / KServe, 8, true, "x", Recorded(KServe)));
        figures.Add(new Figure("gRPC, 4 connections × 16 streams, against V2 JSON", grpc / v2, 1.3, true, "x", Pair(grpc, v2)));
    }

    private static async Task LatencyAsync(Requests requests, Server runtime, double raw, List<Figure> figures)
    {
        var windows = new List<double>();
        for (var i = 0; i < Rounds; i++)
            windows.Add((await Tool.WrkAsync(requests.V2, V2(runtime), 1, Seconds)).MedianMicroseconds);
        figures.Add(new Figure("p50 added to raw by V2 JSON at one connection", Median(windows) - raw, 60, false, "µs"));
    }

    private static async Task AllocationAsync(HttpClient client, Requests requests, Server runtime, List<Figure> figures)
    {
        await Measure("V2 JSON", 1024, "v2", () => Tool.WrkAsync(requests.V2, V2(runtime), Connections, Seconds));
        await Measure("V1 JSON", 1024, "v1", () => Tool.WrkAsync(requests.V1, V1(runtime), Connections, Seconds));
        await Measure("V2 binary", 512, "v2", () => Tool.WrkAsync(requests.Binary, V2(runtime), Connections, Seconds));
        await Measure("gRPC", 512, "grpc", () => Tool.H2LoadAsync(requests.Grpc, GrpcUrl(runtime), 4, 16, Seconds));

        async Task Measure(string what, double floor, string protocol, Func<Task<Window>> load)
        {
            // The first windows of a protocol also make what is kept: calls, buffers, connections.
            await load();
            var (bytes, count) = await CountersAsync(protocol);
            await load();
            var (bytesAfter, countAfter) = await CountersAsync(protocol);
            figures.Add(new Figure($"managed allocation per request, {what}", (bytesAfter - bytes) / (countAfter - count), floor, false, "B"));
        }

        async Task<(double Bytes, double Count)> CountersAsync(string protocol) => (
            await runtime.MetricAsync(client, "dotnet_gc_allocated_bytes_total"),
            await runtime.MetricAsync(client, "sluice_requests_total{", $"protocol=\"{protocol}\""));
    }

    private static async Task MemoryAsync(HttpClient client, Requests requests, List<Figure> figures)
    {
        using var fresh = await Server.RuntimeAsync(client);
        while (await fresh.MetricAsync(client, "sluice_requests_total{") < 100_000)
            await Tool.WrkAsync(requests.V2, V2(fresh), Connections, Seconds);
        figures.Add(await MemoryAsync(client, fresh, "resident memory after 100,000 V2 requests", 100));
    }

    private static async Task<Figure> MemoryAsync(HttpClient client, Server server, string what, double floor) =>
        new(what, await server.MetricAsync(client, "process_resident_memory_bytes") / 1e6, floor, AtLeast: false, "MB");

    private static async Task MetricsCostAsync(HttpClient client, Requests requests, Server runtime, List<Figure> figures)
    {
        using var without = await Server.RuntimeAsync(client, "--request-metrics", "off");
        var medians = await AlternateAsync(
            () => Tool.WrkAsync(requests.V2, V2(runtime), Connections, Seconds),
            () => Tool.WrkAsync(requests.V2, V2(without), Connections, Seconds));
        figures.Add(new Figure("V2 JSON with metrics against without", medians[0] / medians[1], 0.95, true, "x", Pair(medians[0], medians[1])));
    }

    private static async Task BatchAsync(HttpClient client, Requests requests, List<Figure> figures)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-bench-mlp");
        try
        {
            var file = MlpModel.Save(folder.FullName);
            using var server = await Server.ServeAsync(client, file, "mlp");
            var medians = await AlternateAsync(
                () => Tool.WrkAsync(requests.Batch, Url(server, "v2/models/mlp/infer"), 4, Seconds),
                () => Task.FromResult(new Window(MlpModel.RawRowsPerSecond(file, TimeSpan.FromSeconds(Seconds)), double.NaN, double.NaN)));
            var rows = medians[0] * MlpModel.Batch;
            figures.Add(new Figure(
                $"rows of a 256-1024-1024-10 MLP, batches of {MlpModel.Batch}, against raw", rows / medians[1], 0.85, true, "x", Pair(rows, medians[1])));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Size(List<Figure> figures)
    {
        var library = Path.Combine(Path.GetDirectoryName(Server.Published)!, "libonnxruntime.so.1");
        if (File.Exists(Server.Published) && File.Exists(library))
        {
            figures.Add(new Figure(
                "program and ONNX Runtime on disk (the image adds its base)",
                (new FileInfo(Server.Published).Length + new FileInfo(library).Length) / 1e6, 150, false, "MB"));
        }
    }

    private static Task<double[]> AlternateAsync(params Func<Task<Window>>[] loads) => AlternateAsync(static w => w.PerSecond, loads);

    /// <summary>Medians of each load's windows, taken in turns after one round, twice as long, to warm up.</summary>
    /// <param name="of">What of a window counts.</param>
    /// <param name="loads">To be compared.</param>
    public static async Task<double[]> AlternateAsync(Func<Window, double> of, params Func<Task<Window>>[] loads)
    {
        var windows = loads.Select(_ => new List<double>()).ToArray();
        foreach (var load in loads)
        {
            await load();
            await load();
        }
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < loads.Length; i++)
                windows[i].Add(of(await loads[i]()));
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

    private static string V1(Server server) => Url(server, "v1/models/iris:predict");

    public static string V2(Server server) => Url(server, "v2/models/iris/infer");

    private static string GrpcUrl(Server server) => $"http://127.0.0.1:{server.Grpc}/inference.GRPCInferenceService/ModelInfer";

    private static string Pair(double a, double b) => string.Create(CultureInfo.InvariantCulture, $"({a:0}/s, {b:0}/s)");

    private static string Recorded(double perSecond) =>
        string.Create(CultureInfo.InvariantCulture, $"({perSecond:0}/s, measured once, not in this run)");
}
