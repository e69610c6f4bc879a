using Sluice.Operator.Tests.Faults;
using Sluice.Support;
using Sluice.Support.Programs;
using Sluice.Support.Telemetry;

namespace Sluice.Operator.Tests.Tracing;

/// <summary>The operator as a process, with a cluster to work on and a receiver of OTLP.</summary>
public sealed class ProgramTelemetryTests
{
    static string Program { get; } = Checkout.Path(
        "artifacts", "bin", "Sluice.Operator", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "sluice-operator");

    [Fact]
    public async Task Each_pass_is_a_span_with_the_requests_that_it_made_and_metrics_come_along()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var shop = await Shop.OpenAsync();
        shop.Apply("iris-1");
        var folder = Directory.CreateTempSubdirectory("sluice-traces").FullName;
        try
        {
            var kubeconfig = Path.Combine(folder, "config");
            await File.WriteAllTextAsync(kubeconfig,
                $"{{apiVersion: v1, kind: Config, current-context: c, contexts: [{{name: c, context: {{cluster: c, user: c}}}}], users: [{{name: c, user: {{}}}}], clusters: [{{name: c, cluster: {{server: '{shop.Api.Address}'}}}}]}}");
            await using var program = RunningProgram.Start(Program, ["run", "--kubeconfig", kubeconfig, "--metrics", "127.0.0.1:0"], new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Grpc.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "20",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            });
            await Eventually.TrueAsync(
                () => receiver.Spans.Any(span => span.Name == "PATCH" && receiver.Spans.Any(p => p.Id == span.Parent)), () => $"a pass that wrote something; but {program.Output}");
            await Eventually.TrueAsync(
                () => receiver.Metrics.Any(static m => m.Name == "sluice_inferenceservice_info") && receiver.Metrics.Any(static m => m.Name == "sluice_reconcile_duration_seconds"),
                () => $"the service and passes among the metrics; but {string.Join(' ', receiver.Metrics.Select(static m => m.Name).Distinct())}");
            await program.SignalAsync("TERM");
            (await program.ExitAsync(TimeSpan.FromMinutes(1))).Should().Be(0, program.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        var spans = receiver.Spans;
        spans.Where(static s => s.Name == "reconcile inferenceservice").Should().NotBeEmpty()
            .And.OnlyContain(static p => p.Attributes["sluice.key"].EndsWith("/iris") && p.Parent.Length == 0);
        spans.Where(static s => s.Kind == OtlpSpan.Client).Should().OnlyContain(static s => s.Parent.Length > 0, "what no pass asked for, such as watches, is left out");
        spans[0].Resource["service.name"].Should().Be("sluice-operator");
    }

    [Fact]
    public async Task A_variable_that_says_what_cannot_be_done_ends_the_program_by_name()
    {
        var (code, output) = await RunningProgram.RunAsync(Program, ["run"], new Dictionary<string, string> { ["OTEL_TRACES_EXPORTER"] = "zipkin" });

        code.Should().NotBe(0);
        output.Should().Contain("sluice-operator: OTEL_TRACES_EXPORTER is 'zipkin'; there are otlp and none.");
    }
}
