using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Sluice.Benchmarks.Wire;

/// <summary>What one window of load gave.</summary>
/// <param name="PerSecond">Answered requests per second.</param>
/// <param name="MedianMicroseconds">Latency; NaN where the generator does not say.</param>
/// <param name="TailMicroseconds">Of 99 requests in 100; NaN where the generator does not say.</param>
internal readonly record struct Window(double PerSecond, double MedianMicroseconds, double TailMicroseconds);

/// <summary>The load generators, Debian's wrk and h2load, kept on another core than the servers where there are two.</summary>
internal static partial class Tool
{
    public static bool TwoCores { get; } = Environment.ProcessorCount > 1 && Has("taskset");

    public static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Says what is missing.</summary>
    public static async Task<bool> AreThereAsync()
    {
        if (Has("wrk") && Has("h2load"))
            return true;
        await Console.Error.WriteLineAsync("The wire benchmark needs wrk and h2load (Debian: apt-get install wrk nghttp2-client).");
        return false;
    }

    public static ProcessStartInfo OnCore(int core, string file, params IEnumerable<string> arguments) => TwoCores
        ? new ProcessStartInfo("taskset", ["-c", $"{core}", file, .. arguments])
        : new ProcessStartInfo(file, arguments);

    /// <param name="script">Tells wrk what to send.</param>
    /// <param name="url">Where to.</param>
    /// <param name="connections">At a time, each with one request.</param>
    /// <param name="core">0 is the servers' own.</param>
    public static async Task<Window> WrkAsync(string script, string url, int connections, int core = 1)
    {
        var output = await OutputAsync(OnCore(core, "wrk", "-t1", $"-c{connections}", $"-d{Turns.Window.TotalSeconds:0}s", "--latency", "-s", script, url));
        if (output.Contains("Non-2xx", StringComparison.Ordinal))
            throw new InvalidOperationException($"{url} refused requests:\n{output}");
        return new Window(
            Number(PerSecond().Match(output).Groups[1].Value), Microseconds(Median().Match(output)), Microseconds(Tail().Match(output)));
    }

    private static double Microseconds(Match latency) =>
        Number(latency.Groups[1].Value) * latency.Groups[2].Value switch { "us" => 1.0, "ms" => 1e3, _ => 1e6 };

    /// <summary>Unary gRPC calls over prior-knowledge HTTP/2.</summary>
    public static async Task<Window> H2LoadAsync(string frame, string url, int connections, int streams)
    {
        var output = await OutputAsync(OnCore(
            1, "h2load", $"-c{connections}", $"-m{streams}", "-t1", $"-D{Turns.Window.TotalSeconds:0}", "--warm-up-time=1", "-H", "content-type: application/grpc",
            "-H", "te: trailers", "-d", frame, url));
        return new Window(Number(Finished().Match(output).Groups[1].Value), double.NaN, double.NaN);
    }

    private static async Task<string> OutputAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {await error}{output}");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Median();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Tail();

    [GeneratedRegex(@"finished in [^,]+, ([\d.]+) req/s")]
    private static partial Regex Finished();
}
