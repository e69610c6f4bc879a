using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Support.Programs;

namespace Sluice.Support.Telemetry;

/// <summary>
/// A receiver of OTLP over HTTP and gRPC that shares no code with what is tested: OpenTelemetry's own decoders for
/// JavaScript, the gRPC library of Node.js.
/// </summary>
public sealed partial class OtlpReceiver : IAsyncDisposable
{
    readonly RunningProgram _program;

    OtlpReceiver(RunningProgram program)
    {
        _program = program;
        var ports = Ports().Match(program.Output);
        (Http, Grpc) = (new Uri("http://" + ports.Groups["http"].Value), new Uri("http://" + ports.Groups["grpc"].Value));
    }

    public Uri Http { get; }

    public Uri Grpc { get; }

    public IReadOnlyList<OtlpSpan> Spans =>
        [.. Exports("traces").SelectMany(static e => e.Body.GetProperty("resourceSpans").EnumerateArray())
            .SelectMany(static r => r.GetProperty("scopeSpans").EnumerateArray()
                .SelectMany(s => s.GetProperty("spans").EnumerateArray().Select(span => new OtlpSpan(span, r.GetProperty("resource")))))];

    public IReadOnlyList<OtlpMetric> Metrics =>
        [.. Exports("metrics").SelectMany(static e => e.Body.GetProperty("resourceMetrics").EnumerateArray())
            .SelectMany(static r => r.GetProperty("scopeMetrics").EnumerateArray()
                .SelectMany(s => s.GetProperty("metrics").EnumerateArray().Select(metric => new OtlpMetric(metric, r.GetProperty("resource")))))];

    /// <param name="hangs">It takes exports and never answers.</param>
    public static async Task<OtlpReceiver> StartAsync(bool hangs = false)
    {
        var folder = Checkout.Path("tests", "tools", "otlp");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new FileNotFoundException($"{folder}/node_modules is missing; run 'make tools' first");
        var program = RunningProgram.Start("node", hangs ? [Path.Combine(folder, "receiver.mjs"), "hang"] : [Path.Combine(folder, "receiver.mjs")]);
        await program.WaitForAsync("OTLP over http", TimeSpan.FromMinutes(1)).ConfigureAwait(false);
        return new OtlpReceiver(program);
    }

    public bool Received(string header, string value) => Exports().Any(e => e.Headers.TryGetProperty(header, out var found) && found.GetString() == value);

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    IEnumerable<(JsonElement Headers, JsonElement Body)> Exports(string? signal = null) =>
        from line in _program.Output.Split('\n')
        where line.StartsWith('{')
        let export = JsonDocument.Parse(line).RootElement
        where signal is null || export.GetProperty("signal").GetString() == signal
        select (export.GetProperty("headers"), export.GetProperty("body"));

    [GeneratedRegex(@"http on (?<http>[\d.:]+), over grpc on (?<grpc>[\d.:]+)\.")]
    private static partial Regex Ports();
}
