using System.CommandLine;
using Sluice.Kubernetes.Client;
using Sluice.Plugin.Completion;
using Sluice.Plugin.Conversion;
using Sluice.Plugin.Edits;
using Sluice.Plugin.Explain;
using Sluice.Plugin.Pods;
using Sluice.Plugin.Status;

namespace Sluice.Plugin.Hosting;

/// <summary>The commands, and what becomes of a failure.</summary>
internal sealed class CommandLine
{
    readonly Terminal _terminal;
    readonly SharedOptions _shared = new();
    readonly CommandFactory _factory;
    readonly RootCommand _root;

    public CommandLine(Terminal terminal)
    {
        _terminal = terminal;
        _factory = new CommandFactory(_shared, terminal);
        _root = new RootCommand(
            "Shows and steers how Sluice rolls out ONNX models. Called as 'kubectl sluice', or as 'kubectl-sluice'.\n\n"
            + "Exit codes: 0 done; 1 the cluster or a file failed; 2 wrong command line; 3 no such service; 4 not possible now, nothing changed; "
            + "5 the model refused a prediction; 6 convert --strict could not carry everything over; 8 time over; "
            + "and with status --exit-code or watch --until-settled: 10 under way; 11 waits for a person; 12 stopped; 13 users are not served.")
        {
            StatusCommands.Status(_factory), StatusCommands.Watch(_factory),
            EditCommands.Promote(_factory), EditCommands.Pause(_factory), EditCommands.Resume(_factory), EditCommands.Abort(_factory), EditCommands.Retry(_factory),
            ExplainCommands.Why(_factory), ExplainCommands.History(_factory),
            LogsCommand.Create(_factory), PredictCommand.Create(_factory), ConvertCommand.Create(_factory),
            CompletionCommands.Script(_factory),
        };
        _shared.AddTo(_root);
    }

    public async Task<int> RunAsync(string[] args, CancellationToken cancel = default)
    {
        // Not a command: what is being typed may hold any word, --help too.
        if (args is ["__complete", .. var line])
            return await CompletionCommands.CompleteAsync(_factory, _root, line, cancel);
        var parsed = _root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await SayAsync(error.Message);
            await _terminal.Error.WriteLineAsync(Usage(parsed.CommandResult.Command));
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = _terminal.Out, Error = _terminal.Error, EnableDefaultExceptionHandler = false }, cancel);
        }
        catch (PluginException e)
        {
            await SayAsync(e.Message);
            return e.Code;
        }
        catch (KubeApiException e)
        {
            await SayAsync(Refused(e));
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is KubeConfigException or HttpRequestException or TimeoutException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await SayAsync(e is HttpRequestException ? $"The cluster cannot be reached: {e.Message}. Check --context and the network." : e.Message);
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    static string Usage(Command command) => command is RootCommand
        ? "'kubectl sluice --help' lists the commands."
        : $"Usage: kubectl sluice {string.Join(' ', command.Arguments.Select(static a => a.Name).Prepend(command.Name))} [options]; 'kubectl sluice {command.Name} --help' explains them.";

    static string Refused(KubeApiException e) => e switch
    {
        { IsForbidden: true } => $"{e.Message}. Your account may not do this; docs/kubectl-sluice.md lists the rights that each command needs.",
        { IsUnauthorized: true } => $"{e.Message}. The cluster does not accept your credentials: log in again, or choose another --context.",
        _ => e.Message,
    };

    Task SayAsync(string message) => _terminal.Error.WriteLineAsync($"kubectl-sluice: {message}");
}
