using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sluice.Benchmarks.Wire;

namespace Sluice.Benchmarks.Split;

/// <summary>
/// What dividing costs: published runtimes, one that answers itself, one that passes all on to a candidate, one that
/// copies all to it.
/// </summary>
internal static class SplitBenchmark
{
    private const int Pods = 3;
    private const int Changes = 10;

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
        Figure.Print(string.Create(CultureInfo.InvariantCulture, $"the split; {Turns.Rounds} windows of {Turns.Window.TotalSeconds} s of each load, the best quarter counts"), figures);
        return 0;
    }

    private static async Task ForwardingAsync(Requests requests, HttpClient client, Server own, Server passing, List<Figure> figures)
    {
        var rest = await Turns.TakeAsync(Alone(own), Alone(passing));
        figures.Add(Figure.Added("p50 added to V2 JSON by passing it on, one connection", rest, 1, 0, 250));
        var body = await File.ReadAllBytesAsync(requests.Grpc);
        var grpc = await Turns.TakeAsync(GrpcAlone(own), GrpcAlone(passing));
        figures.Add(Figure.Added("p50 added to gRPC by passing it on, one connection", grpc, 1, 0, 250));

        Func<Task<double>> Alone(Server to) => async () => (await Tool.WrkAsync(requests.V2, Url(to), 1)).MedianMicroseconds;
        Func<Task<double>> GrpcAlone(Server to) => async () => (await Calls.OneByOneAsync(client, () => Grpc(to, body), Turns.Window)).At(0.5);
    }

    /// <summary>Under a load that leaves room: a full machine would show the candidate's work, not the copying.</summary>
    private static async Task ShadowAsync(HttpClient client, Requests requests, Server own, Server copying, List<Figure> figures)
    {
        var rested = await Turns.TakeAsync(Rested(own), Rested(copying));
        figures.Add(Figure.Added(
            "p99 added by copying all to the shadow, about 400/s", rested, 1, 0, Math.Max(0.05 * rested.Least(0), 500)));
        var loaded = await Turns.TakeAsync(WireBenchmark.Rate(requests.V2, Url(copying)), WireBenchmark.Rate(requests.V2, Url(own)));
        // No floor is set: on one core the shadow's own work is in it.
        figures.Add(Figure.Ratio("V2 JSON while copying what the queue takes, 16 connections, all on one core, against alone", loaded, 0, 1));

        Func<Task<double>> Rested(Server to) =>
            async () => (await Calls.RestingAsync(client, () => Json(to), 8, TimeSpan.FromMilliseconds(20), Turns.Window)).At(0.99);
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
