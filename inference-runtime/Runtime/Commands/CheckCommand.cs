using System.CommandLine;
using Sluice.Onnx;
using Sluice.Runtime.Golden;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Commands;

/// <summary>sluice-runtime check.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var model = Options.Text("--model", "Model file, or a folder with one.");
        var golden = Options.Golden();
        var terminationLog = Options.TerminationLog();
        var command = new Command("check", "Sends golden requests through a model and compares its answers with the expected ones.")
        {
            model, golden, terminationLog,
        };
        command.SetAction((result, _) => Termination.GuardAsync(
            result.GetValue(terminationLog),
            () => RunAsync(
                Options.Given(result.GetValue(model), "--model"),
                result.GetValue(golden))));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? golden)
    {
        var file = ModelLocator.One(path).File;
        var document = GoldenFile.Require(file, golden);
        using var served = GoldenReplay.Alone(ModelLoader.Open(file, new SessionSettings()), TimeProvider.System);
        GoldenResult? first = null;
        foreach (var result in GoldenReplay.Run(served, document))
        {
            await Console.Out.WriteLineAsync(result.Difference is null ? $"same     {result.Case}" : $"differs  {result.Case}: {result.Difference}");
            first ??= result.Difference is null ? null : result;
        }
        return first is null ? 0 : throw GoldenReplay.Mismatch(first);
    }
}
