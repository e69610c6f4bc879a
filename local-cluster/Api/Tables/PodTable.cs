using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Json;
using Sluice.LocalCluster.Api.Types;
using static Sluice.LocalCluster.Api.Tables.TableLayout;

namespace Sluice.LocalCluster.Api.Tables;

/// <summary>The table of pods: one word says what all containers together are doing.</summary>
internal static class PodTable
{
    const string None = "<none>";

    public static TableLayout Layout { get; } = Of(
        Text("Ready", "How many of its containers are ready.", row => PodSummary.Of(row).Ready),
        Text("Status", "What its containers are doing.", row => PodSummary.Of(row).Status),
        Text("Restarts", "How often its containers were restarted.", row => PodSummary.Of(row).Restarts),
        Age,
        Wide("IP", "The address of the pod.", row => row.Object.Objects("status", "podIPs").FirstOrDefault()?.Text("ip") ?? None),
        Wide("Node", "Where it runs.", row => row.TextOr(None, "spec", "nodeName")),
        Wide("Nominated Node", "Where it will run after a preemption.", row => row.TextOr(None, "status", "nominatedNodeName")),
        Wide("Readiness Gates", "How many of its readiness gates are open.", Gates));

    static JsonNode? Gates(Row row)
    {
        var gates = row.Object.Objects("spec", "readinessGates").Select(gate => gate.Text("conditionType")).ToList();
        if (gates.Count == 0)
            return None;
        var open = row.Object.Objects("status", "conditions").Count(one => one.Text("status") == "True" && gates.Contains(one.Text("type")));
        return $"{open}/{gates.Count}";
    }
}

/// <summary>What the table says of one pod.</summary>
internal sealed record PodSummary(string Ready, string Status, string Restarts)
{
    public static PodSummary Of(Row row) => new PodReader(row).Read();
}

/// <summary>Finds the word for a pod: the first init container that is not done, else the last container that has one.</summary>
internal sealed class PodReader(Row row)
{
    readonly JsonObject pod = row.Object;
    string reason = "";
    long restarts;
    string lastRestart = "";

    public PodSummary Read()
    {
        var phase = pod.Text("status", "phase") ?? "";
        reason = pod.Text("status", "reason") is { Length: > 0 } given ? given : phase;
        if (Conditions("PodScheduled").Any(one => one.Text("reason") == "SchedulingGated"))
            reason = "SchedulingGated";
        var sidecars = pod.Objects("spec", "initContainers").Where(one => one.Text("restartPolicy") == "Always")
            .Select(one => one.Text("name") ?? "").ToHashSet(StringComparer.Ordinal);
        var total = pod.Objects("spec", "containers").Count() + sidecars.Count;
        var (initializing, ready) = InitContainers(sidecars);
        if (!initializing || Conditions("Initialized").Any(one => one.Text("status") == "True"))
        {
            (restarts, lastRestart) = (0, "");
            foreach (var status in pod.Objects("status", "initContainerStatuses").Where(one => sidecars.Contains(one.Text("name") ?? "")))
                CountRestarts(status);
            ready += Containers();
        }

        if (row.IsDeleted && phase is not ("Succeeded" or "Failed"))
            reason = pod.Text("status", "reason") == "NodeLost" ? "Unknown" : "Terminating";
        var restarted = restarts == 0 || lastRestart.Length == 0 ? $"{restarts}" : $"{restarts} ({Ages.Since(lastRestart, row.Now)} ago)";
        return new PodSummary($"{ready}/{total}", reason, restarted);
    }

    (bool Initializing, int Ready) InitContainers(HashSet<string> sidecars)
    {
        var ready = 0;
        var all = pod.Objects("spec", "initContainers").Count();
        foreach (var (status, index) in pod.Objects("status", "initContainerStatuses").Select((status, index) => (status, index)))
        {
            CountRestarts(status);
            var terminated = status.Object("state", "terminated");
            if (terminated is not null && (terminated.Integer("exitCode") ?? 0) == 0)
                continue;
            if (sidecars.Contains(status.Text("name") ?? "") && status.Flag("started") == true)
            {
                ready += status.Flag("ready") == true ? 1 : 0;
                continue;
            }

            var waiting = status.Text("state", "waiting", "reason");
            reason = terminated is not null ? "Init:" + Ended(terminated)
                : waiting is { Length: > 0 } and not "PodInitializing" ? "Init:" + waiting
                : $"Init:{index}/{all}";
            return (true, ready);
        }

        return (false, ready);
    }

    int Containers()
    {
        var (running, ready, failure) = (false, 0, "");
        foreach (var status in pod.Objects("status", "containerStatuses").Reverse())
        {
            CountRestarts(status);
            var terminated = status.Object("state", "terminated");
            if (status.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
                reason = waiting;
            else if (terminated is not null)
            {
                reason = Ended(terminated);
                if ((terminated.Integer("exitCode") ?? 0) != 0)
                    failure = reason;
            }
            else if (status.Flag("ready") == true && status.Object("state", "running") is not null)
            {
                running = true;
                ready++;
            }
        }

        if (reason == "Completed")
        {
            reason = running && Conditions("Ready").Any(one => one.Text("status") == "True") ? "Running"
                : failure.Length > 0 ? failure
                : running ? "NotReady" : reason;
        }

        return ready;
    }

    void CountRestarts(JsonObject status)
    {
        restarts += status.Integer("restartCount") ?? 0;
        var ended = status.Text("lastState", "terminated", "finishedAt") ?? "";
        if (Scalars.ParseInstant(ended) is { } time && !(Scalars.ParseInstant(lastRestart) >= time))
            lastRestart = ended;
    }

    static string Ended(JsonObject terminated) => terminated.Text("reason") is { Length: > 0 } reason ? reason
        : terminated.Integer("signal") is > 0 and var signal ? $"Signal:{signal}"
        : $"ExitCode:{terminated.Integer("exitCode") ?? 0}";

    IEnumerable<JsonObject> Conditions(string type) => pod.Objects("status", "conditions").Where(one => one.Text("type") == type);
}
