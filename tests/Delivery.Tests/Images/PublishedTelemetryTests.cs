using System.Text.RegularExpressions;
using Sluice.Contract.Metrics;
using Sluice.Support;
using Sluice.Support.Models;
using Sluice.Support.Programs;
using Sluice.Support.Telemetry;

namespace Sluice.Delivery.Tests.Images;

/// <summary>The programs as they are published, trimmed, still export: what trimming took away would show only here.</summary>
public sealed partial class PublishedTelemetryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_runtime_exports_spans_and_metrics(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var program = RunningProgram.Start(
            Checkout.Published("sluice-runtime"),
            ["serve", "--model", TestModels.Folder("iris/1"), "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0"],
            Exporting(receiver, grpc));
        await program.WaitForAsync("Serving on", TimeSpan.FromMinutes(1));
        using var client = new HttpClient(new SocketsHttpHandler());
        using var answer = await client.GetAsync(new Uri($"http://{Http().Match(program.Output).Groups[1].Value}/v2/health/ready"));

        await Eventually.TrueAsync(() => receiver.Spans.Any(static s => s.Kind == OtlpSpan.Server), () => $"a span; but {program.Output}");
        await Eventually.TrueAsync(() => receiver.Metrics.Any(static m => m.Name == MetricNames.ModelReady), () => $"metrics; but {program.Output}");
    }

    [Fact]
    public async Task The_operator_exports_metrics()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var kubeconfig = Path.GetTempFileName();
        try
        {
            // No API server is needed to say how it is.
            await File.WriteAllTextAsync(kubeconfig,
                "{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: c}}], users: [{name: c, user: {}}], clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]}");
            await using var program = RunningProgram.Start(
                Checkout.Published("sluice-operator"), ["run", "--kubeconfig", kubeconfig, "--metrics", "127.0.0.1:0"], Exporting(receiver, grpc: false));

            await Eventually.TrueAsync(
                () => receiver.Metrics.Any(static m => m.Name == "sluice_operator_build_info") && receiver.Metrics.Any(static m => m.Name == "sluice_kubernetes_lists_total"),
                () => $"metrics; but {program.Output}");
        }
        finally
        {
            File.Delete(kubeconfig);
        }
    }

    static Dictionary<string, string> Exporting(OtlpReceiver receiver, bool grpc) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = (grpc ? receiver.Grpc : receiver.Http).ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc ? "grpc" : "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "10",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
    };

    [GeneratedRegex(@"http (127\.0\.0\.1:\d+)")]
    private static partial Regex Http();
}
