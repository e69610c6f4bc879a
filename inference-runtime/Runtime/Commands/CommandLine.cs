using System.CommandLine;
using Sluice.Runtime.Hosting;

namespace Sluice.Runtime.Commands;

/// <summary>sluice-runtime serve | inspect | check | profile | batch | pull | version.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var root = new RootCommand("Serves ONNX models over the V1 and V2 (Open Inference) protocols.")
        {
            ServeCommand.Create(),
            InspectCommand.Create(),
            CheckCommand.Create(),
            ProfileCommand.Create(),
            BatchCommand.Create(),
            PullCommand.Create(),
            VersionCommand(),
        };
        var parsed = root.Parse(args);
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Signals are ours: the library would end the process in the middle of a drain.
            ProcessTerminationTimeout = null,
        });
    }

    private static Command VersionCommand()
    {
        var command = new Command("version", "Prints the version of this program and of ONNX Runtime.");
        command.SetAction(_ =>
        {
            Console.Out.WriteLine(
                $"sluice-runtime {RuntimeServer.ProgramVersion}, ONNX Runtime {Onnx.OnnxEnvironment.Instance.Version}");
            return 0;
        });
        return command;
    }
}
