using System.CommandLine;
using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Commands;

/// <summary>sluice-runtime inspect.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "Model file, or a folder with one." };
        var termination = new Option<bool>("--termination")
        {
            Description = "Also write the report, shortened to its 4096 bytes, to the termination log.",
        };
        var terminationLog = Options.TerminationLog();
        var command = new Command("inspect", "Loads a model and prints what it is, as JSON.") { model, termination, terminationLog };
        command.SetAction((result, _) => Termination.GuardAsync(
            result.GetValue(terminationLog),
            async () =>
            {
                var report = Inspection.Of(result.GetRequiredValue(model), TimeProvider.System);
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(report, ContractJson.Default.ModelReport));
                if (result.GetValue(termination))
                    Termination.Write(result.GetValue(terminationLog), Shortened(report));
                return 0;
            }));
        return command;
    }

    /// <summary>The report within a termination message: free texts go first, then the lists are cut.</summary>
    internal static string Shortened(ModelReport report)
    {
        var text = JsonSerializer.Serialize(report, ContractJson.Default.ModelReport);
        if (Fits(text))
            return text;
        var less = report with
        {
            Lineage = report.Lineage?.Where(static l => !l.Key.StartsWith("param.", StringComparison.Ordinal)).ToDictionary(),
            Metadata = null,
            Description = null,
            ExternalData = null,
            OptionalInputs = null,
            Shortened = true,
        };
        for (var keep = Math.Max(report.Inputs.Count, report.Outputs.Count); ; keep /= 2)
        {
            text = JsonSerializer.Serialize(
                less with { Inputs = [.. report.Inputs.Take(keep)], Outputs = [.. report.Outputs.Take(keep)] },
                ContractJson.Default.ModelReport);
            if (Fits(text) || keep == 0)
                return text;
        }
    }

    private static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) < TerminationMessage.LimitBytes;
}
