using System.Globalization;

namespace Sluice.Benchmarks.Wire;

/// <summary>
/// Loads the published runtime and, in turns with it, a bare Kestrel that takes and gives the same bytes.
/// </summary>
internal static class WireBenchmark
{
    public const int Connections = 16;

    /// <summary>Requests per second of the field's Python servers, measured once on two cores; they are not run here.</summary>
    private const double FastApi = 10_800, KServe = 3_800;

    /// <summary>As in the runtime's project file and its serve command.</summary>
    private static readonly (string, string)[] RuntimeSettings =
    [
        ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"), ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "8"),
        ("DOTNET_gcConcurrent", "0"), ("DOTNET_GCGen0MaxBudget", "200000"),
    ];

    public static Task<int> RunAsync() => Part.RunAsync(
        string.Create(CultureInfo.InvariantCulture, $"the wire; {Turns.Rounds} windows of {Turns.Window.TotalSeconds} s of each load, the best quarter counts"),
        MeasureAsync);

    private static async Task MeasureAsync(HttpClient client, Requests requests, List<Figure> figures)
    {
        await StartAsync(client, figures);
        using var runtime = await Server.RuntimeAsync(client);
        await BesideKestrelAsync(client, requests, runtime, figures);
        await AllocationAsync(client, requests, runtime, figures);
        figures.Add(await MemoryAsync(client, runtime, "resident memory after the load of all protocols", double.NaN));
        await MemoryAsync(client, requests, figures);
        await MetricsCostAsync(client, requests, runtime, figures);
        await MonitoringCost.MeasureAsync(client, requests, figures);
        await Batches.MeasureAsync(client, requests, figures);
        Size(figures);
    }

    private static async Task StartAsync(HttpClient client, List<Figure> figures)
    {
        var turns = await Turns.TakeAsync(async () =>
        {
            using var started = await Server.RuntimeAsync(client);
            return started.Start.TotalMilliseconds;
        });
        figures.Add(new Figure("process start to ready", turns.Median(0), 300, AtLeast: false, "ms"));
    }

    private static async Task BesideKestrelAsync(HttpClient client, Requests requests, Server runtime, List<Figure> figures)
    {
        using var answers = new Answers();
        await answers.RecordAsync(client, "v1", V1(runtime), Requests.V1Json);
        await answers.RecordAsync(client, "v2", V2(runtime), Requests.V2Json);
        using var bare = await Server.EchoAsync(client, answers.Folder);
        using var tuned = await Server.EchoAsync(client, answers.Folder, RuntimeSettings);
        await ThroughputAsync(requests, runtime, bare, tuned, figures);
        using var loop = await Server.LoopAsync(client, Path.Combine(answers.Folder, "v2"));
        await LatencyAsync(requests, runtime, bare, tuned, loop, figures);
    }

    private static async Task ThroughputAsync(Requests requests, Server runtime, Server bare, Server tuned, List<Figure> figures)
    {
        var v1 = await Turns.TakeAsync(Rate(requests.V1, V1(runtime)), Rate(requests.V1, Url(bare, "v1")));
        var v2 = await Turns.TakeAsync(
            Rate(requests.V2, Url(tuned, "v2")), Rate(requests.V2, V2(runtime)), Rate(requests.V2, Url(bare, "v2")), Rate(requests.Binary, V2(runtime)));
        var grpc = await Turns.TakeAsync(GrpcRate(requests, runtime), Rate(requests.V2, V2(runtime)));
        figures.Add(Figure.Ratio("V1 JSON, 16 connections, against a bare Kestrel", v1, 0, 1, 0.75));
        figures.Add(Figure.Ratio("V2 JSON, 16 connections, against a bare Kestrel", v2, 1, 2, 0.75));
        figures.Add(Figure.Ratio("same, Kestrel with the runtime's settings of .NET", v2, 1, 0));
        figures.Add(Figure.Ratio("V2 binary, 16 connections, against the bare Kestrel of V2", v2, 3, 2));
        figures.Add(new Figure("V2 JSON against FastAPI + uvicorn + onnxruntime", v2.Most(1) / FastApi, 3, true, "x", Recorded(FastApi)));
        figures.Add(new Figure("V2 JSON against KServe's Python server", v2.Most(1) / KServe, 8, true, "x", Recorded(KServe)));
        figures.Add(Figure.Ratio("gRPC, 4 connections × 16 streams, against V2 JSON", grpc, 0, 1, 1.3));
    }

    /// <summary>
    /// A caller on the servers' core waits for the server alone; one on another core also for the machine, which wakes a core
    /// that sleeps twice for each request. What that takes, a loop that only answers tells: without it the floor is judged in
    /// any case, with it only where the loop itself is within it. Out of the box .NET has the server's core spin instead of sleep.
    /// </summary>
    private static async Task LatencyAsync(
        Requests requests, Server runtime, Server bare, Server tuned, Server loop, List<Figure> figures)
    {
        const int Own = 0, Other = 1;
        const double Floor = 60;
        var turns = await Turns.TakeAsync(
            static () => Task.FromResult(RawInference.MedianMicroseconds()),
            Alone(V2(runtime), Own), Alone(Url(bare, "v2"), Own), Alone(Url(loop, "v2"), Own),
            Alone(V2(runtime), Other), Alone(Url(loop, "v2"), Other), Alone(Url(tuned, "v2"), Other), Alone(Url(bare, "v2"), Other));
        var machine = turns.Least(5) - turns.Least(0);
        figures.Add(Figure.Added("p50 added to raw by V2 JSON at one connection, the caller on the same core", turns, 1, 0, Floor));
        figures.Add(Figure.Added("same, the bare Kestrel, which runs no model", turns, 2, 0));
        figures.Add(Figure.Added("same, a loop that only answers", turns, 3, 0));
        figures.Add(Figure.Added(
            "p50 added to raw by V2 JSON at one connection, the caller on another core", turns, 4, 0, machine <= Floor ? Floor : double.NaN));
        figures.Add(Figure.Added("same, a loop that only answers: the machine's part", turns, 5, 0));
        figures.Add(Figure.Added("p50 added to that loop by V2 JSON, the caller on another core", turns, 4, 5, 25));
        figures.Add(Figure.Added("same, Kestrel with the runtime's settings of .NET", turns, 6, 5));
        figures.Add(Figure.Added("same, the bare Kestrel, which spins", turns, 7, 5));

        Func<Task<double>> Alone(string url, int core) => async () => (await Tool.WrkAsync(requests.V2, url, 1, core)).MedianMicroseconds;
    }

    private static async Task AllocationAsync(HttpClient client, Requests requests, Server runtime, List<Figure> figures)
    {
        await Measure("V2 JSON", 1024, "v2", () => Tool.WrkAsync(requests.V2, V2(runtime), Connections));
        await Measure("V1 JSON", 1024, "v1", () => Tool.WrkAsync(requests.V1, V1(runtime), Connections));
        await Measure("V2 binary", 512, "v2", () => Tool.WrkAsync(requests.Binary, V2(runtime), Connections));
        await Measure("gRPC", 512, "grpc", () => Tool.H2LoadAsync(requests.Grpc, GrpcUrl(runtime), 4, 16));

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
            await Tool.WrkAsync(requests.V2, V2(fresh), Connections);
        figures.Add(await MemoryAsync(client, fresh, "resident memory after 100,000 V2 requests", 100));
    }

    private static async Task<Figure> MemoryAsync(HttpClient client, Server server, string what, double floor) =>
        new(what, await server.MetricAsync(client, "process_resident_memory_bytes") / 1e6, floor, AtLeast: false, "MB");

    private static async Task MetricsCostAsync(HttpClient client, Requests requests, Server runtime, List<Figure> figures)
    {
        using var without = await Server.RuntimeAsync(client, "--request-metrics", "off");
        var turns = await Turns.TakeAsync(Rate(requests.V2, V2(runtime)), Rate(requests.V2, V2(without)));
        figures.Add(Figure.Ratio("V2 JSON with metrics against without", turns, 0, 1, 0.95));
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

    /// <summary>Requests per second of a window.</summary>
    public static Func<Task<double>> Rate(string script, string url) => async () => (await Tool.WrkAsync(script, url, Connections)).PerSecond;

    private static Func<Task<double>> GrpcRate(Requests requests, Server server) =>
        async () => (await Tool.H2LoadAsync(requests.Grpc, GrpcUrl(server), 4, 16)).PerSecond;

    public static string Url(Server server, string path) => $"http://127.0.0.1:{server.Port}/{path}";

    private static string V1(Server server) => Url(server, "v1/models/iris:predict");

    public static string V2(Server server) => Url(server, "v2/models/iris/infer");

    private static string GrpcUrl(Server server) => $"http://127.0.0.1:{server.Grpc}/inference.GRPCInferenceService/ModelInfer";

    private static string Recorded(double perSecond) =>
        string.Create(CultureInfo.InvariantCulture, $"({perSecond:0}/s, measured once, not in this run)");
}
