using Sluice.Contract;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Hosting;
using Sluice.Support;

namespace Sluice.Runtime.Tests.Routing;

/// <summary>A runtime of revision r1 that has a split.</summary>
internal sealed class SplitPod : IAsyncDisposable
{
    public const string Infer = "/v2/models/iris/infer";
    public const string Row = """{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}""";

    private readonly MountedSplit mounted;

    private SplitPod(TestRuntime runtime, MountedSplit mounted) => (Runtime, this.mounted) = (runtime, mounted);

    public TestRuntime Runtime { get; }

    public static async Task<SplitPod> StartAsync(SplitDocument document, Func<ServeSettings, ServeSettings>? adjust = null)
    {
        var at = new MountedSplit();
        at.Write(document);
        var runtime = await TestRuntime.StartAsync(
            "iris/1", "iris", s => (adjust?.Invoke(s) ?? s) with { Split = at.File });
        return new SplitPod(runtime, at);
    }

    /// <summary>A pod whose candidate is at one address, or at one for each protocol.</summary>
    public static Task<SplitPod> StartAsync(int percent, Uri candidate, int timeout = 60_000) => StartAsync(Document(1, percent, candidate, timeout));

    public static SplitDocument Document(long generation, int percent, Uri candidate, int timeout = 60_000, Uri? grpc = null) =>
        Splits.Of(
            generation,
            Splits.Stable(100 - percent),
            new SplitShare
            {
                Revision = "r2",
                Percent = percent,
                Http = candidate.Authority,
                Grpc = (grpc ?? candidate).Authority,
                TimeoutMilliseconds = timeout,
            });

    /// <summary>Another runtime, whose model answers otherwise.</summary>
    public static Task<TestRuntime> CandidateAsync() =>
        TestRuntime.StartAsync("iris/2", "iris", s => s with { Revision = "r2" });

    public async Task ApplyAsync(SplitDocument document)
    {
        mounted.Write(document);
        await Eventually.TrueAsync(
            () => Runtime.Server.State.Split!.Table!.Generation == document.Generation, $"generation {document.Generation}");
    }

    public Task<Answer> InferAsync(params (string Name, string Value)[] headers) =>
        Runtime.SendAsync(HttpMethod.Post, Infer, System.Text.Encoding.UTF8.GetBytes(Row), "application/json", headers);

    /// <summary>The sum of the series that have these label values.</summary>
    public double Counted(string name, params string[] values)
    {
        var text = System.Text.Encoding.UTF8.GetString(Runtime.Server.State.Metrics.Registry.ToPrometheusText().Span);
        return text.Split('\n')
            .Where(l => l.StartsWith(name + "{", StringComparison.Ordinal)
                && values.All(v => l.Contains($"\"{v}\"", StringComparison.Ordinal)))
            .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Requests that a candidate did not answer, those included that it was not even sent because of that.</summary>
    public double CountedSilent(string outcome) =>
        Counted(MetricNames.RouteRequests, "r2", "candidate", outcome)
        + Counted(MetricNames.RouteRequests, "r2", "candidate", RouteOutcomes.Withheld);

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        mounted.Dispose();
    }
}
