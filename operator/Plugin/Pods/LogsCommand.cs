using System.CommandLine;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Plugin.Hosting;

namespace Sluice.Plugin.Pods;

/// <summary><c>logs</c>: what all pods of a service write.</summary>
internal static class LogsCommand
{
    public static Command Create(CommandFactory factory)
    {
        var revision = new Option<string?>("--revision") { Description = "Only the pods of stable, candidate, or a revision by its name.", HelpName = "REVISION" };
        var container = new Option<string>("--container", "-c") { Description = "runtime (serves) or model (fetches the model).", DefaultValueFactory = static _ => "runtime" };
        container.AcceptOnlyFromAmong("runtime", "model");
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on as more is written, by the pods that are there now." };
        var tail = new Option<int?>("--tail") { Description = "Only the last lines of each pod.", HelpName = "LINES" };
        var since = Durations.Option("--since", "Only what was written in this time, such as 5m.");
        var previous = new Option<bool>("--previous", "-p") { Description = "Of the run before the last restart." };
        return factory.OnService("logs", "Prints what the pods of a service write, each line with its pod's name when there are several.", async (session, name, parsed) =>
        {
            var service = await session.ServiceAsync(name);
            var query = new LogQuery(parsed.GetValue(container)!, parsed.GetValue(follow), parsed.GetValue(tail), parsed.GetValue(since), parsed.GetValue(previous));
            return await RunAsync(session, service, RevisionChoice.Resolve(service, parsed.GetValue(revision)), query);
        }, revision, container, follow, tail, since, previous);
    }

    static async Task<int> RunAsync(Session session, InferenceService service, string? revision, LogQuery query)
    {
        var selector = $"{Labels.Service}={service.Key.Name}" + (revision is null ? "" : $",{Labels.Revision}={revision}");
        var pods = (await session.Client.ListAsync<Pod>(session.Namespace, new ListOptions { LabelSelector = selector }, session.Cancel)).Items
            .Select(static p => p.Key.Name).Order(StringComparer.Ordinal).ToArray();
        if (pods.Length == 0)
        {
            throw new PluginException(ExitCodes.NotFound,
                $"{session.Namespace}/{service.Key.Name}{(revision is null ? "" : $", revision {revision}")}: there are no pods. 'kubectl sluice status {service.Key.Name} -n {session.Namespace}' says why.");
        }

        using var writing = new SemaphoreSlim(1);
        var read = await Task.WhenAll(pods.Select(pod => new PodLog(session, pod, pods.Length > 1 ? $"[{pod}] " : "", query, writing).PrintAsync()));
        return read.Contains(true) ? ExitCodes.Done : ExitCodes.Failed;
    }
}
