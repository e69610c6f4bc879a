using Sluice.Contract.Metrics;
using Sluice.Runtime.Tests.Grpc.Support;
using Sluice.Runtime.Tests.Routing;
using Sluice.Support;
using Sluice.Support.Models;
using Sluice.Support.Programs;
using Sluice.Support.Telemetry;

namespace Sluice.Runtime.Tests.Telemetry;

/// <summary>A request is followed from its caller through the pod that divides to the candidate; each pod is a process, as spans belong to one.</summary>
public sealed class ProgramTelemetryTests
{
    const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_is_passed_on_is_three_spans_of_the_callers_trace(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var exporting = Exporting(receiver, grpc);
        await using var candidate = await StartAsync("iris/2", "r2", exporting);
        using var split = new MountedSplit();
        split.Write(SplitPod.Document(1, 100, candidate.Http, grpc: candidate.Grpc));
        await using var pod = await StartAsync("iris/1", "r1", exporting, "--split", split.File);
        await PostAsync(pod, Caller);
        using (var client = new GrpcClient(pod.Grpc))
            (await client.InferAsync(InferMessage.Iris(), ("traceparent", Caller))).Code.Should().Be(0);
        await Eventually.TrueAsync(() => receiver.Spans.Count == 6 && Requests(receiver).Count == 2, "all spans, and both requests among the metrics");
        await EndAsync(pod);
        await EndAsync(candidate);

        receiver.Spans.Select(static s => s.Trace).Distinct().Should().Equal(Caller[3..35]);
        foreach (var (name, code) in new[] { ("POST /v2/models/{model}/infer", "http.response.status_code"), ("inference.GRPCInferenceService/ModelInfer", "rpc.grpc.status_code") })
        {
            var asked = receiver.Spans.Single(s => s.Name == name && s.Parent == Caller[36..52]);
            var forward = receiver.Spans.Single(s => s.Name == "forward" && s.Parent == asked.Id);
            var answered = receiver.Spans.Single(s => s.Name == name && s.Parent == forward.Id);
            (asked.Kind, forward.Kind, answered.Kind).Should().Be((OtlpSpan.Server, OtlpSpan.Client, OtlpSpan.Server));
            (asked.Attributes["sluice.revision"], answered.Attributes["sluice.revision"]).Should().Be(("r1", "r2"));
            asked.Attributes["sluice.request_id"].Should().NotBeEmpty().And.Be(answered.Attributes["sluice.request_id"]);
            asked.Attributes[code].Should().Be(name.StartsWith("POST", StringComparison.Ordinal) ? "200" : "0");
            (asked.Resource["service.name"], asked.Resource["team"]).Should().Be(("sluice-runtime", "ml"));
        }

        Requests(receiver).Should().BeEquivalentTo("v2", "grpc");
        var durations = receiver.Metrics.Last(static m => m.Name == MetricNames.RequestDuration).Points("histogram")[0];
        durations.GetProperty("explicitBounds").EnumerateArray().Select(static b => b.GetDouble()).Should().Equal(HistogramBounds.Seconds);
        durations.GetProperty("count").GetString().Should().Be("1");
        receiver.Metrics.Select(static m => m.Name).Should().Contain([MetricNames.ModelReady, MetricNames.ProcessMemory]);
    }

    [Fact]
    public async Task A_copy_goes_under_the_request_that_it_was_made_of_and_a_trace_that_is_not_recorded_is_not_told()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var exporting = Exporting(receiver, grpc: false);
        await using var shadow = await StartAsync("iris/2", "r2", exporting);
        using var split = new MountedSplit();
        split.Write(Splits.Of(1, Splits.Stable(100)) with
        {
            Shadow = new Contract.SplitShadow { Revision = "r2", Percent = 100, Http = shadow.Http.Authority, Grpc = shadow.Grpc.Authority },
        });
        await using var pod = await StartAsync("iris/1", "r1", exporting, "--split", split.File);
        await PostAsync(pod, Caller[..^2] + "00");
        await PostAsync(pod, traceparent: null);
        await Eventually.TrueAsync(() => receiver.Spans.Count == 3, "the request, its copy and the copy's answer are told");
        await EndAsync(pod);
        await EndAsync(shadow);

        var copy = receiver.Spans.Single(static s => s.Name == "shadow");
        var asked = receiver.Spans.Single(s => s.Id == copy.Parent);
        (asked.Parent, receiver.Spans.Single(s => s.Parent == copy.Id).Attributes["sluice.revision"]).Should().Be(("", "r2"));
        receiver.Spans.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_receiver_that_hangs_costs_no_request_and_does_not_keep_the_program_from_ending()
    {
        await using var receiver = await OtlpReceiver.StartAsync(hangs: true);
        await using var pod = await StartAsync("iris/1", "r1", new Dictionary<string, string>(Exporting(receiver, grpc: false))
        {
            // Longer than the test waits, so that only the bound of the end lets go.
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "600000",
            ["OTEL_BSP_EXPORT_TIMEOUT"] = "600000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
            ["OTEL_METRIC_EXPORT_TIMEOUT"] = "600000",
            ["OTEL_BSP_MAX_QUEUE_SIZE"] = "4",
        });
        await PostAsync(pod, traceparent: null);
        await Eventually.TrueAsync(() => receiver.Spans.Count > 0 && receiver.Metrics.Count > 0, "the receiver holds exports");
        for (var i = 0; i < 50; i++)
            await PostAsync(pod, traceparent: null);

        await EndAsync(pod);
    }

    [Fact]
    public async Task A_receiver_that_is_away_is_said_once_and_costs_no_request()
    {
        await using var pod = await StartAsync("iris/1", "r1", new Dictionary<string, string>
        {
            // Nobody listens to port 1.
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://127.0.0.1:1/v1/traces",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "10",
        });
        await PostAsync(pod, traceparent: null);
        await pod.Program.WaitForAsync("Spans are lost: http://127.0.0.1:1/v1/traces", Limit);
        await PostAsync(pod, traceparent: null);
        await EndAsync(pod);

        pod.Program.Output.Split("Spans are lost").Should().HaveCount(2);
    }

    [Fact]
    public async Task A_variable_that_says_what_cannot_be_done_ends_the_program_by_name()
    {
        var (code, output) = await RunningProgram.RunAsync(
            RuntimeProgram.File, ["serve", "--model", TestModels.Folder("iris/1")], new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4318" });

        code.Should().NotBe(0);
        output.Should().Contain("OTEL_EXPORTER_OTLP_ENDPOINT is ").And.Contain("collector:4318").And.Contain(Contract.TerminationReasons.InvalidOptions);
    }

    static Dictionary<string, string> Exporting(OtlpReceiver receiver, bool grpc) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = (grpc ? receiver.Grpc : receiver.Http).ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc ? "grpc" : "http/protobuf",
        ["OTEL_RESOURCE_ATTRIBUTES"] = "team=ml",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "10",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
    };

    /// <summary>Protocols that the answering pod counted requests of.</summary>
    static IReadOnlyList<string> Requests(OtlpReceiver receiver) =>
        [.. receiver.Metrics.Where(static m => m.Name == MetricNames.Requests).SelectMany(static m => m.Points("sum")).Select(static p => new OtlpAttributes(p)["protocol"]).Distinct()];

    static Task<RuntimeProgram> StartAsync(string model, string revision, IReadOnlyDictionary<string, string> environment, params string[] options) =>
        RuntimeProgram.StartAsync(TestModels.Folder(model), environment, ["--name", "iris", "--revision", revision, "--drain-delay", "0s", .. options]);

    static async Task PostAsync(RuntimeProgram pod, string? traceparent)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(pod.Http, SplitPod.Infer)) { Content = new StringContent(SplitPod.Row) };
        if (traceparent is not null)
            request.Headers.Add("traceparent", traceparent);
        using var answer = await client.SendAsync(request);
        ((int)answer.StatusCode).Should().Be(200);
    }

    static async Task EndAsync(RuntimeProgram pod)
    {
        await pod.Program.SignalAsync("TERM");
        (await pod.Program.ExitAsync(Limit)).Should().Be(0, pod.Program.Output);
    }
}
