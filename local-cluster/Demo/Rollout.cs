using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Demo;

/// <summary>
/// A canary, and what a person has to say about it: each word is a change of the spec, as <c>kubectl patch</c> makes it,
/// and what comes of it is read from the status.
/// </summary>
/// <param name="better">The ModelVersion that is to take over.</param>
internal sealed class Rollout(DemoService service, KubeClient client, Progress progress, Users users, string better)
{
    static readonly ResourceKind Kind = new("sluice.dev", "v1alpha1", "InferenceService", "inferenceservices");
    readonly Dictionary<string, string> _versions = [];
    string _last = "";

    /// <summary>From iris-1 to the better version, through its steps and one approval.</summary>
    public async Task PromoteAsync(CancellationToken cancel)
    {
        progress.Say("\n  A new version, while 8 users call all the time:");
        await PatchAsync(Serving(better), cancel);
        var waiting = await FollowAsync("the approval", s => Stage(s) == "AwaitingApproval", cancel);
        var digest = (string)waiting["candidate"]!["digest"]!;
        progress.Say("\n  promote: the last step waits for a person, who approves this digest and no other:");
        await PatchAsync(Naming("approve", digest), cancel);
        await FollowAsync("the promotion", s => IsPromoted(s, better), cancel);
    }

    /// <summary>Another version, held and then taken back.</summary>
    public async Task PauseAndAbortAsync(CancellationToken cancel)
    {
        progress.Say("\n  pause: iris-1 once more as a candidate, held at its first share:");
        await PatchAsync(Serving("iris-1"), cancel);
        await FollowAsync("the first share", s => (int?)s["rollout"]?["weightObserved"] == 10, cancel);
        await PatchAsync("""{"spec":{"rollout":{"paused":true}}}""", cancel);
        var held = await FollowAsync("the pause", s => DemoService.Condition(s, "Paused") is not null, cancel);
        var digest = (string)held["candidate"]!["digest"]!;
        progress.Say("\n  abort: its share is gone at once, also while paused, and the digest is not tried again:");
        await PatchAsync(Naming("abort", digest), cancel);
        var gone = await FollowAsync("the abort", s => s["candidate"] is null && (string?)s["rollout"]?["outcome"] == "Aborted", cancel);
        progress.Say($"    Promoted=False: {(string?)DemoService.Condition(gone, "Promoted")?["message"]}");
        progress.Say("\n  and the spec says again what serves:");
        await PatchAsync(Serving(better, new JsonObject { ["paused"] = null, ["abort"] = null, ["approve"] = null }), cancel);
        await FollowAsync("the end", s => IsPromoted(s, better), cancel);
    }

    static string Serving(string version, JsonObject? rollout = null)
    {
        var spec = new JsonObject { ["predictor"] = new JsonObject { ["model"] = new JsonObject { ["version"] = version } } };
        if (rollout is not null) spec["rollout"] = rollout;
        return new JsonObject { ["spec"] = spec }.ToJsonString();
    }

    static string Naming(string field, string digest) =>
        new JsonObject { ["spec"] = new JsonObject { ["rollout"] = new JsonObject { [field] = new JsonObject { ["digest"] = digest } } } }.ToJsonString();

    async Task PatchAsync(string patch, CancellationToken cancel)
    {
        progress.Say($"    $ kubectl patch inferenceservice {DemoService.Name} --type merge -p '{patch}'");
        using var json = JsonDocument.Parse(patch);
        await client.MergePatchAsync(Kind, new ObjectKey(DemoService.Namespace, DemoService.Name), json.RootElement, cancel: cancel);
    }

    Task<JsonObject> FollowAsync(string what, Func<JsonObject, bool> until, CancellationToken cancel)
    {
        return service.UntilAsync(what, status =>
        {
            if (status.Count > 0) Show(status);
            return until(status);
        }, cancel, told: true);
    }

    /// <summary>One line for each change: where it is, who has answered since the last line, and why it is there.</summary>
    void Show(JsonObject status)
    {
        foreach (var revision in new[] { status["stable"], status["candidate"] }.OfType<JsonObject>())
            _versions[(string)revision["revision"]!] = (string?)revision["version"] ?? "?";
        var rollout = status["rollout"];
        var step = (int?)rollout?["step"] is { } number ? $"step {number}" : "";
        var weight = (int?)rollout?["weightDesired"] is { } percent ? $"{percent,3} %" : "";
        var line = $"{Stage(status) ?? "-",-16} {step,-6} {weight,5}  {(string?)rollout?["nextAction"]}";
        if (line == _last) return;
        _last = line;
        progress.Say($"    {line}");
        if (Answers() is { Length: > 0 } answers) progress.Say($"      answered meanwhile: {answers}");
    }

    string Answers()
    {
        var taken = users.Take();
        var all = taken.Values.Sum();
        return string.Join(", ", taken.OrderBy(a => a.Key, StringComparer.Ordinal)
            .Select(a => $"{_versions.GetValueOrDefault(a.Key, a.Key)} {a.Value} ({100.0 * a.Value / all:0} %)"));
    }

    static string? Stage(JsonObject status) => (string?)status["rollout"]?["stage"];

    static bool IsPromoted(JsonObject status, string version) =>
        (string?)status["stable"]?["version"] == version && status["candidate"] is null
        && DemoService.IsTrue(status, "Promoted");
}
