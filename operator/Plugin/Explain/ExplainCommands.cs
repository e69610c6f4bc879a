using System.CommandLine;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Explain;

/// <summary><c>why</c> and <c>history</c>.</summary>
internal static class ExplainCommands
{
    public static Command Why(CommandFactory factory) => factory.OnService("why", "Explains the last decision: what it rests on, and what was told about it.", static async (session, name, _) =>
    {
        var service = await session.ServiceAsync(name);
        var record = service.Status?.Rollout?.Attempt is { } attempt ? await Records.TryFindAsync(session, service, attempt) : null;
        var why = Explain.Why.Of(service, record, await EventsAsync(session));
        await session.PrintAsync(why, PluginJson.Default.Why, () => WhyText.Render(why, session.Now, session.Palette, session.Terminal.Width));
        return ExitCodes.Done;
    }, factory.Shared.Output);

    public static Command History(CommandFactory factory)
    {
        var attempt = new Option<int?>("--attempt") { Description = "Every decision of this attempt instead, from its record.", HelpName = "NUMBER" };
        return factory.OnService("history", "Lists the attempts of a service, the latest first.", async (session, name, parsed) =>
        {
            var service = await session.ServiceAsync(name);
            if (parsed.GetValue(attempt) is not { } number)
            {
                var history = Explain.History.Of(service);
                await session.PrintAsync(history, PluginJson.Default.History, () => HistoryText.Render(history, session.Now, session.Palette));
                return ExitCodes.Done;
            }

            var record = await Records.FindAsync(session, service, number) ?? throw new PluginException(ExitCodes.NotFound,
                $"{session.Namespace}/{name} has no record of attempt {number}: the latest {service.Spec.RevisionHistoryLimit ?? 5} are kept (revisionHistoryLimit), and a first version needs none.");
            await session.PrintAsync(record, PluginJson.Default.Recorded, () => RecordedText.Render(record, session.Palette, session.Terminal.Width));
            return ExitCodes.Done;
        }, factory.Shared.Output, attempt);
    }

    /// <summary>An explanation without Events is better than none.</summary>
    static async Task<IReadOnlyList<Event>> EventsAsync(Session session)
    {
        try
        {
            return (await session.Client.ListAsync<Event>(session.Namespace, cancel: session.Cancel)).Items;
        }
        catch (KubeApiException e) when (e.IsForbidden)
        {
            await session.Terminal.Error.WriteLineAsync($"kubectl-sluice: Events are left out: {e.Message}");
            return [];
        }
    }
}
