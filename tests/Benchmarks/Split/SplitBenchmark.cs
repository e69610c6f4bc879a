using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sluice.Benchmarks.Wire;

namespace Sluice.Benchmarks.Split;

/// <summary>
/// What dividing costs: published runtimes, one that answers itself, one that passes all on to a candidate, one that
/// copies all to it. Windows of them alternate; the figures are differences of medians over the windows.
/// </summary>
internal static class SplitBenchmark
{
    private const int Pods = 3;
    private const int Changes = 10;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private static readonly int Rounds = int.Parse(
        Environment.GetEnvironmentVariable("SLUICE_BENCH_ROUNDS") ?? "5", CultureInfo.InvariantCulture);

    public static async Task<int> RunAsync()
    {
        if (!Tool.Has("wrk"))
        {
            await Console.Error.WriteLineAsync("The split benchmark needs wrk (Debian: apt-get install wrk).");
            return 1;
        }
        using var requests = new Requests();
        using var client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true);
        using var folder = new SplitFolder();
        using var candidate = await Server.RuntimeAsync(client, "--revision", SplitFolder.Candidate);
        using var own = await PodAsync(client, folder.Write("own", 1, 0, 0, candidate));
        using var passing = await PodAsync(client, folder.Write("passing", 1, 100, 0, candidate));
        using var copying = await PodAsync(client, folder.Write("copying", 1, 0, 100, candidate));
        var figures = new List<Figure>();
        await ForwardingAsync(requests, client, own, passing, figures);
        await ShadowAsync(client, requests, own, copying, figures);
        await PropagationAsync(client, folder, candidate, figures);
        Figure.Print(string.Create(CultureInfo.InvariantCulture, $"the split; medians of {Rounds} windows of {Window.TotalSeconds} s"), figures);
        return 0;
    }

    private static async Task ForwardingAsync(Requests requests, HttpClient client, Server own, Server passing, List<Figure> figures)
    {
        var rest = await AlternateAsync(
            () => WrkAsync(requests, own, 1),
            () => WrkAsync(requests, passing, 1));
        figures.Add(Added("p50 added to V2 JSON by passing it on, one connection", rest, 0.5, 250));
        var body = await File.ReadAllBytesAsync(requests.Grpc);
        var grpc = await AlternateAsync(
            () => Calls.OneByOneAsync(client, () => Grpc(own, body), Window),
            () => Calls.OneByOneAsync(client, () => Grpc(passing, body), Window));
        figures.Add(Added("p50 added to gRPC by passing it on, one connection", grpc, 0.5, 250));
    }

    /// <summary>Under a load that leaves room: a full machine would show the candidate's work, not the copying.</summary>
    private static async Task ShadowAsync(HttpClient client, Requests requests, Server own, Server copying, List<Figure> figures)
    {
        var rested = await AlternateAsync(Rested(own), Rested(copying));
        figures.Add(Added("p99 added by copying all to the shadow, about 400/s", rested, 0.99, Math.Max(0.05 * rested[0](0.99), 500)));
        var throughput = await AlternateAsync(() => ThroughputAsync(own), () => ThroughputAsync(copying));
        var (alone, copied) = (throughput[0](0.5), throughput[1](0.5));
        // No floor is set: on one core the shadow's own work is in it.
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"\n16 connections, all on one core: {alone:0}/s alone, {copied:0}/s while copying what the queue takes"));

        Func<Task<double[]>> Rested(Server to) =>
            () => Calls.RestingAsync(client, () => Json(to), 8, TimeSpan.FromMilliseconds(20), Window);

        async Task<double[]> ThroughputAsync(Server to) =>
            [(await Tool.WrkAsync(requests.V2, Url(to), 16, (int)Window.TotalSeconds)).PerSecond];
    }

    private static async Task PropagationAsync(HttpClient client, SplitFolder folder, Server candidate, List<Figure> figures)
    {
        var pods = new List<Server>();
        try
        {
            for (var i = 0; i < Pods; i++)
                pods.Add(await PodAsync(client, folder.Write("all", 1, 0, 0, candidate)));
            var times = new List<double>();
            for (var generation = 2; generation < 2 + Changes; generation++)
            {
                var began = TimeProvider.System.GetTimestamp();
                folder.Write("all", generation, generation, 0, candidate);
                foreach (var pod in pods)
                {
                    while (await pod.MetricAsync(client, "sluice_split_generation ") < generation)
                        await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
                }
                times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            }
            figures.Add(new Figure(
                $"from the split's file to all of {Pods} pods, slowest of {Changes}", times.Max(), 1500, AtLeast: false, "ms",
                "(the floor is from the API write: the kubelet's 300 to 400 ms come before)"));
        }
        finally
        {
            pods.ForEach(p => p.Dispose());
        }
    }

    private static Task<Server> PodAsync(HttpClient client, string split) =>
        Server.RuntimeAsync(client, "--revision", SplitFolder.Stable, "--split", split);

    private static async Task<double[]> WrkAsync(Requests requests, Server to, int connections) =>
        [(await Tool.WrkAsync(requests.V2, Url(to), connections, (int)Window.TotalSeconds)).MedianMicroseconds];

    private static Figure Added(string what, IReadOnlyList<Func<double, double>> loads, double quantile, double floor)
    {
        var (without, with) = (loads[0](quantile), loads[1](quantile));
        return new Figure(
            what, with - without, floor, AtLeast: false, "µs",
            string.Create(CultureInfo.InvariantCulture, $"({without:0}, {with:0})"));
    }

    /// <summary>Each load's windows, taken in turns after one round to warm up.</summary>
    /// <returns>For each load: the median over its windows of a quantile.</returns>
    private static async Task<IReadOnlyList<Func<double, double>>> AlternateAsync(params Func<Task<double[]>>[] loads)
    {
        var windows = loads.Select(_ => new List<double[]>()).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < loads.Length; i++)
            {
                var window = await loads[i]();
                if (round > 0)
                    windows[i].Add(window);
            }
            await Console.Error.WriteAsync('.');
        }
        return [.. windows.Select(all => (Func<double, double>)(quantile => Median(all.Select(w => w.At(quantile)))))];
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray().At(0.5);

    private static HttpRequestMessage Json(Server to) =>
        new(HttpMethod.Post, Url(to)) { Content = new StringContent(Requests.V2Json, Encoding.UTF8, "application/json") };

    private static HttpRequestMessage Grpc(Server to, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{to.Grpc}/inference.GRPCInferenceService/ModelInfer")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.ParseAdd("trailers");
        return request;
    }

    private static string Url(Server to) => $"http://127.0.0.1:{to.Port}/v2/models/iris/infer";
}
