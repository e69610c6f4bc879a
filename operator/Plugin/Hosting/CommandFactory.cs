using System.CommandLine;

namespace Sluice.Plugin.Hosting;

/// <summary>Makes commands that all look alike.</summary>
internal sealed record CommandFactory(SharedOptions Shared, Terminal Terminal)
{
    public const string NameArgument = "NAME";

    /// <summary>A command about one service of the cluster.</summary>
    public Command OnService(string name, string description, Func<Session, string, ParseResult, Task<int>> run, params Option[] options)
    {
        var service = new Argument<string>(NameArgument) { Description = "The InferenceService." };
        var command = new Command(name, description) { service };
        foreach (var option in options)
            command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            using var session = Shared.Open(parsed, Terminal, cancel);
            return await run(session, parsed.GetValue(service)!, parsed);
        });
        return command;
    }
}
