using System.CommandLine;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Monitoring.Profiles;
using Sluice.Onnx;
using Sluice.Runtime.Golden;
using Sluice.Runtime.Models;
using Sluice.Runtime.Profiling;

namespace Sluice.Runtime.Commands;

/// <summary>sluice-runtime profile.</summary>
internal static class ProfileCommand
{
    public static Command Create()
    {
        var model = Options.Text("--model", "Model file, or a folder with one.");
        var data = Options.Text("--data", "Rows: a .csv with a header, or a .jsonl with a V1 instance in each line.");
        var ignore = Options.Text("--ignore", "Columns that are no features, separated by commas.");
        var rows = Options.Number("--rows", "Of a file with more rows, a sample of so many is taken.", 100_000);
        var output = Options.Text("--out", "File to write to; by default the standard output.");
        var terminationLog = Options.TerminationLog();
        var command = new Command("profile", "Sends rows through a model and writes a baseline: how its features and predictions are distributed.")
        {
            model, data, ignore, rows, output, terminationLog,
        };
        command.SetAction((result, _) => Termination.GuardAsync(
            result.GetValue(terminationLog),
            () => RunAsync(
                Options.Given(result.GetValue(model), "--model"),
                new DataFile(Options.Given(result.GetValue(data), "--data"), (result.GetValue(ignore) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)),
                result.GetValue(rows),
                result.GetValue(output))));
        return command;
    }

    private static async Task<int> RunAsync(string path, DataFile data, int rows, string? output)
    {
        using var served = GoldenReplay.Alone(ModelLoader.Open(ModelLocator.One(path).File, new SessionSettings()), TimeProvider.System);
        var profiler = new Profiler(served, data);
        var document = JsonSerializer.Serialize(profiler.Run(rows).ToDocument(), ContractJson.Default.ProfileDocument);
        foreach (var unused in data.Unused)
            await Console.Error.WriteLineAsync($"Column {unused} is not used: the model has no input of that name.");
        foreach (var unwatched in profiler.Unwatched)
            await Console.Error.WriteLineAsync($"Not in the baseline: {unwatched}.");
        if (string.IsNullOrEmpty(output))
            await Console.Out.WriteLineAsync(document);
        else
            await File.WriteAllTextAsync(output, document + "\n");
        return 0;
    }
}
