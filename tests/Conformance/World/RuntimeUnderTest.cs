using System.Text.RegularExpressions;
using Sluice.Support.Programs;

namespace Sluice.Conformance.World;

/// <summary>The published sluice-runtime, serving many models from one folder (MODEL/1/model.onnx) without configuration.</summary>
sealed partial class RuntimeUnderTest : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly RunningProgram _program;
    readonly DirectoryInfo _folder;

    RuntimeUnderTest(RunningProgram program, DirectoryInfo folder) => (_program, _folder) = (program, folder);

    public Uri Http { get; private set; } = null!;

    public Uri Grpc { get; private set; } = null!;

    /// <summary>What it logged, to show when something went wrong.</summary>
    public string Output => _program.Output;

    /// <param name="models">Names and files.</param>
    /// <param name="more">Options.</param>
    /// <exception cref="InvalidOperationException">It ended: a model that ONNX Runtime loads is not served.</exception>
    public static async Task<RuntimeUnderTest> StartAsync(IEnumerable<(string Name, string File)> models, params string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-conformance-");
        foreach (var (name, file) in models)
        {
            var version = folder.CreateSubdirectory(name).CreateSubdirectory("1");
            File.CreateSymbolicLink(Path.Combine(version.FullName, "model.onnx"), file);
        }
        var program = RunningProgram.Start(
            Checkout.Published("sluice-runtime"),
            ["serve", "--model", folder.FullName, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                "--drain-delay", "0s", .. more]);
        var runtime = new RuntimeUnderTest(program, folder);
        try
        {
            await program.WaitForAsync("Serving on", Patience);
            var ports = Serving().Match(program.Output);
            runtime.Http = new Uri($"http://{ports.Groups["http"].Value}");
            runtime.Grpc = new Uri($"http://{ports.Groups["grpc"].Value}");
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to stop and waits; a crash before or during that is an error.</summary>
    public async Task StopAsync()
    {
        await _program.SignalAsync("TERM");
        var code = await _program.ExitAsync(Patience);
        if (code != 0)
            throw new InvalidOperationException($"sluice-runtime ended with {code}:\n{_program.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"Serving on http (?<http>\S+), grpc (?<grpc>\S+), admin \S+")]
    private static partial Regex Serving();
}
