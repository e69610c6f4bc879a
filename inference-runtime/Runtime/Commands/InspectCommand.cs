using System.CommandLine;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Models;
using Sluice.Runtime.Monitoring;

namespace Sluice.Runtime.Commands;

/// <summary>sluice-runtime inspect.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "Model file, or a folder with one." };
        var termination = new Option<bool>("--termination")
        {
            Description = "Also write the report to the termination log, packed or shortened to its 4096 bytes.",
        };
        var golden = Options.Golden();
        var baseline = Options.Baseline();
        var expectations = Options.Expectations();
        var terminationLog = Options.TerminationLog();
        var command = new Command("inspect", "Loads a model, replays golden requests if there are any, and prints what it is, as JSON.")
        {
            model, termination, golden, baseline, expectations, terminationLog,
        };
        command.SetAction((result, _) => Termination.GuardAsync(
            result.GetValue(terminationLog),
            async () =>
            {
                BaselineFile.Check(result.GetRequiredValue(model), result.GetValue(baseline));
                var report = Inspection.Of(result.GetRequiredValue(model), TimeProvider.System, result.GetValue(golden), result.GetValue(expectations));
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(report, ContractJson.Default.ModelReport));
                if (result.GetValue(termination))
                    Termination.Write(result.GetValue(terminationLog), ModelReportLine.Of(report));
                return 0;
            }));
        return command;
    }
}
