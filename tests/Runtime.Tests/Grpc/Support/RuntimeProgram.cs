using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Support.Programs;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>The built sluice-runtime as a process of its own, on ports of its own.</summary>
internal sealed partial class RuntimeProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private RuntimeProgram(RunningProgram program, Uri http, Uri grpc, Uri admin) =>
        (Program, Http, Grpc, Admin) = (program, http, grpc, admin);

    /// <summary>Beside the tests' own output folder, built with them.</summary>
    public static string File { get; } = Checkout.Path(
        "artifacts", "bin", "Sluice.Runtime", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "sluice-runtime");

    public RunningProgram Program { get; }

    public Uri Http { get; }

    public Uri Grpc { get; }

    public Uri Admin { get; }

    /// <summary>Resident memory in bytes.</summary>
    public long Memory => Status("VmRSS:");

    /// <summary>The most that <see cref="Memory"/> ever was.</summary>
    public long PeakMemory => Status("VmHWM:");

    public static Task<RuntimeProgram> StartAsync(string model, params string[] options) => StartAsync(model, new Dictionary<string, string>(), options);

    public static async Task<RuntimeProgram> StartAsync(string model, IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        var program = RunningProgram.Start(
            File,
            ["serve", "--model", model, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0", .. options],
            environment);
        try
        {
            await program.WaitForAsync("Serving on", StartLimit);
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
        var ports = Ports().Match(program.Output);
        return new RuntimeProgram(
            program,
            new Uri("http://" + ports.Groups["http"].Value),
            new Uri("http://" + ports.Groups["grpc"].Value),
            new Uri("http://" + ports.Groups["admin"].Value));
    }

    public ValueTask DisposeAsync() => Program.DisposeAsync();

    private long Status(string field)
    {
        var line = System.IO.File.ReadLines($"/proc/{Program.Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    [GeneratedRegex(@"http (?<http>[\d.:]+), grpc (?<grpc>[\d.:]+), admin (?<admin>[\d.:]+)")]
    private static partial Regex Ports();
}
