using System.Text.Json.Nodes;
using Sluice.Integration.World;

namespace Sluice.Integration.BadModels;

/// <summary>What somebody sees who looks at a rollout all the time, and when.</summary>
internal sealed class Sight(Space space, BadModel model, string service, string stable)
{
    static readonly HashSet<string> OnTheWay = ["PodInitializing", "ContainerCreating"];

    DateTimeOffset? _breach;

    /// <summary>A pod of the candidate says what is wrong with it.</summary>
    public DateTimeOffset? Knowable { get; private set; }

    /// <summary>Requests or copies of them have been asked for.</summary>
    public DateTimeOffset? Exposed { get; private set; }

    /// <summary>The reason is in the status.</summary>
    public DateTimeOffset? Told { get; private set; }

    /// <summary>The longest time from a breach in sight until every pod has reported that the candidate gets nothing.</summary>
    public TimeSpan? Withdrawal { get; private set; }

    /// <summary>The attempt has ended, and everybody who divides requests has said so.</summary>
    public DateTimeOffset? Over { get; private set; }

    public string? Reason { get; private set; }

    public string? Message { get; private set; }

    /// <summary>What status says of the attempt that is over.</summary>
    public string? End { get; private set; }

    public int FewestReady { get; private set; } = int.MaxValue;

    /// <returns>Whether it is over.</returns>
    public async Task<bool> LookAsync()
    {
        var pods = await space.OwnedAsync("pods", service);
        var at = TimeProvider.System.GetUtcNow();
        var failing = pods.Any(p => (string?)p["metadata"]!["labels"]!["sluice.dev/revision"] != stable && SaysWhy(p));
        if (failing)
            Knowable ??= at;
        var status = (await space.GetAsync("inferenceservices", service))!["status"]!;
        at = TimeProvider.System.GetUtcNow();
        FewestReady = Math.Min(FewestReady, (int?)status["stable"]?["readyReplicas"] ?? 0);
        var rollout = status["rollout"];
        var isExposed = (int?)rollout?["weightDesired"] > 0 || (int?)rollout?["shadowDesired"] > 0;
        if (isExposed)
            Exposed ??= at;
        Hear(status, at);
        Measure(status, isExposed && failing, at);
        End = status["history"]?[0]?.ToJsonString();
        var over = model.NeverStarts ? Told is not null : (string?)status["history"]?[0]?["outcome"] == "RolledBack" && status["candidate"] is null;
        Over = over ? at : null;
        return over;
    }

    void Hear(JsonNode status, DateTimeOffset at)
    {
        if (Told is not null)
            return;
        var said = (status["conditions"]?.AsArray() ?? []).Where(static c => (string?)c!["type"] is "Promoted" or "CandidateHealthy" or "Stalled" or "GatesPassed")
            .Append(status["rollout"]?["leaving"]).Append(status["history"]?[0])
            .FirstOrDefault(c => model.Reasons.Contains((string?)c?["reason"]));
        if (said is not null)
            (Told, Reason, Message) = (at, (string?)said["reason"], (string?)said["message"]);
    }

    void Measure(JsonNode status, bool isBreach, DateTimeOffset at)
    {
        if (isBreach || (_breach is null && Exposed is not null && Withdrawal is null && Told == at))
            _breach ??= at;
        var nothing = status["candidate"] is null
            || ((int?)status["rollout"]?["weightDesired"] is null or 0 && status["rollout"]?["shadowDesired"] is null && Is(status, "TrafficReady"));
        if (_breach is not { } since || !nothing)
            return;
        _breach = null;
        Withdrawal = Withdrawal > at - since ? Withdrawal : at - since;
    }

    static bool Is(JsonNode status, string condition) =>
        (status["conditions"]?.AsArray() ?? []).Any(c => (string?)c!["type"] == condition && (string?)c["status"] == "True");

    /// <summary>A container has failed, or waits for what does not come; or no node takes the pod.</summary>
    static bool SaysWhy(JsonNode pod)
    {
        var status = pod["status"];
        var containers = (status?["initContainerStatuses"]?.AsArray() ?? []).Concat(status?["containerStatuses"]?.AsArray() ?? []);
        return containers.Any(static c => (bool?)c!["ready"] is not true && ((int?)(c["state"]?["terminated"] ?? c["lastState"]?["terminated"])?["exitCode"] > 0
                || (c["state"]?["waiting"]?["reason"] is { } reason && !OnTheWay.Contains((string)reason!))))
            || (status?["conditions"]?.AsArray() ?? []).Any(static c => (string?)c!["type"] == "PodScheduled" && (string?)c["status"] == "False");
    }
}
