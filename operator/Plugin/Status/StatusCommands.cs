using System.CommandLine;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Status;

/// <summary><c>status</c> and <c>watch</c>.</summary>
internal static class StatusCommands
{
    public static Command Status(CommandFactory factory)
    {
        var code = new Option<bool>("--exit-code") { Description = "End with 10, 11, 12 or 13 when the service is not settled." };
        return factory.OnService("status", "Shows what serves, what is on its way, on what evidence, and what happens next.", async (session, name, parsed) =>
        {
            var view = StatusView.Of(await session.ServiceAsync(name));
            await session.PrintAsync(view, PluginJson.Default.StatusView, () => StatusScreen.Render(view, session.Now, session.Palette, session.Terminal.Width));
            return parsed.GetValue(code) ? view.ExitCode : ExitCodes.Done;
        }, factory.Shared.Output, code);
    }

    public static Command Watch(CommandFactory factory)
    {
        var settled = new Option<bool>("--until-settled") { Description = "End when the rollout has ended or waits for a person; the exit code says which." };
        var timeout = Durations.Option("--timeout", "End with exit code 8 after this long, such as 30m.");
        return factory.OnService("watch", "Shows the status again whenever it changes; one line per change when the output is no terminal. Ctrl-C ends it.",
            (session, name, parsed) => Watching.RunAsync(session, name, parsed.GetValue(settled), parsed.GetValue(timeout)), factory.Shared.Output, settled, timeout);
    }
}
