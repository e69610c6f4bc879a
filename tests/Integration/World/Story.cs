using System.Text.Json.Nodes;

namespace Sluice.Integration.World;

/// <summary>One service called iris that users call all the time, and the words in which its rollouts are told.</summary>
internal sealed class Story : IAsyncDisposable
{
    public const string Service = "iris";
    public const string First = "iris/1";
    public const string Second = "iris/2";
    public const string Third = "iris/3-wrong";

    readonly Cluster _cluster;
    readonly PodLogs _logs;
    readonly List<string> _acts = [];

    Story(Cluster cluster, Space space, Load load) => (_cluster, Space, Load, _logs) = (cluster, space, load, new PodLogs(space));

    public Space Space { get; }

    public Load Load { get; }

    /// <summary>The first version serves, and users call it.</summary>
    public static async Task<Story> BeginAsync(Cluster cluster, string rollout)
    {
        var space = await cluster.SpaceAsync();
        await ApplyAsync(space, First, rollout, "");
        await space.ReadyAsync(Service);
        var story = new Story(cluster, space, await Load.StartAsync(space, Service));
        await story.TrueAsync("both pods are Ready", static s => (int?)s["stable"]?["readyReplicas"] == 2);
        return story;
    }

    /// <summary>What <c>kubectl apply</c> does.</summary>
    public Task ApplyAsync(string model, string rollout, string predictor = "") => ApplyAsync(Space, model, rollout, predictor);

    /// <summary>What lies in Git.</summary>
    public string Manifest(string model, string rollout) => Manifest(Space, model, rollout, "");

    public async Task<JsonNode> StatusAsync() => (await Space.GetAsync("inferenceservices", Service))!["status"]!;

    public async Task<string> StableAsync() => (string)(await StatusAsync())["stable"]!["revision"]!;

    public async Task<string> CandidateAsync() =>
        (string)(await Space.UntilAsync("there is a candidate", async () => (await StatusAsync())["candidate"], Service))["revision"]!;

    public Task TrueAsync(string what, Func<JsonNode, bool> condition) =>
        Space.TrueAsync(what, async () => condition(await StatusAsync()), Service);

    /// <summary>The share has been asked for, and every pod has said that it applies it.</summary>
    public Task ShareAsync(int percent) => TrueAsync($"the candidate has {percent} %", s =>
        (int?)s["rollout"]?["weightDesired"] == percent && (int?)s["rollout"]?["weightObserved"] == percent
        && (string?)s["rollout"]?["stage"] is "Analyzing" or "AwaitingApproval");

    public Task StageAsync(string stage) => TrueAsync($"it is {stage}", s => (string?)s["rollout"]?["stage"] == stage);

    /// <summary>The last attempt ended so, and what it leaves is gone.</summary>
    public async Task EndsAsync(string outcome, string stable)
    {
        await TrueAsync($"{outcome}, and {stable} serves", s =>
            (string?)s["history"]?[0]?["outcome"] == outcome && (string?)s["stable"]?["revision"] == stable && s["candidate"] is null);
        await Space.TrueAsync("only what serves is left", async () =>
            (await Space.OwnedAsync("deployments", Service)).Select(static d => (string?)d["metadata"]!["name"]).SequenceEqual([stable]), Service);
    }

    /// <summary>The pods of the first version, by name.</summary>
    public async Task<IReadOnlyList<string>> PodsAsync() => [.. (await PodsAsync(await StableAsync())).Select(Name)];

    /// <summary>Asks a pod of a revision to go, or cuts it off.</summary>
    public async Task RemovePodAsync(string revision, bool force)
    {
        if ((await PodsAsync(revision)).FirstOrDefault() is not { } pod)
            return;
        _logs.Follow(Name(pod));
        Tell($"{(force ? "cut off" : "asked to go")}: {Name(pod)}");
        await Space.Api.DeleteAsync(Space.Path("pods", Name(pod)), force ? 0 : null);
    }

    /// <summary>As many pods as serve are Ready, and none of them is on its way out.</summary>
    public Task PodsAreBackAsync(string revision) => Space.TrueAsync($"the pods of {revision} are back", async () =>
        await Space.GetAsync("deployments", revision) is not { } deployment
        || (await PodsAsync(revision)).Count(IsReady) >= (int)deployment["spec"]!["replicas"]!, Service);

    /// <summary>Does something once at each stage and step that the rollout is found in, until it is over.</summary>
    /// <returns>The stages that it was found in.</returns>
    public async Task<IReadOnlyList<string>> AtEachStageAsync(Func<string, Task> act)
    {
        var (seen, done) = (new List<string>(), new HashSet<string>());
        await TrueAsync("the rollout begins", static s => s["rollout"]?["stage"] is not null);
        while ((await StatusAsync())["rollout"] is { } rollout && (string?)rollout["stage"] is { } stage)
        {
            if (done.Add($"{stage} {rollout["step"]}"))
            {
                seen.Add(stage);
                Tell($"found in {stage} {rollout["step"]}");
                await act(stage);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        return seen;
    }

    /// <summary>Nobody was failed, all the time long.</summary>
    public async Task NobodyWasFailedAsync()
    {
        var failures = await Load.StopAsync();
        if (failures.Count > 0)
        {
            var living = (await Space.OwnedAsync("pods", Service)).Select(Name);
            failures.Should().BeEmpty(
                $"of {Load.Answers} answers none may fail:\n{string.Join('\n', _acts)}\npods:\n{Tail(await _logs.TellAsync(living))}\noperator:\n{Tail(_cluster.Operator.Output)}");
        }

        Load.Answers.Should().BeGreaterThan(100);
        if (Load.Resent > 0)
            Support.Measuring.Measured.Report("gRPC calls that crossed the end of their connection", $"{Load.Resent} of {Load.Answers}, sent again");
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await Space.DisposeAsync();
    }

    void Tell(string act) => _acts.Add($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {act}");

    async Task<IReadOnlyList<JsonNode>> PodsAsync(string revision) =>
        [.. (await Space.OwnedAsync("pods", Service)).Where(p => (string?)p["metadata"]!["labels"]!["sluice.dev/revision"] == revision && p["metadata"]!["deletionTimestamp"] is null)];

    static bool IsReady(JsonNode pod) =>
        pod["status"]?["conditions"]?.AsArray().Any(static c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True") is true;

    static string Name(JsonNode item) => (string)item["metadata"]!["name"]!;

    static Task<JsonNode> ApplyAsync(Space space, string model, string rollout, string predictor) =>
        space.Api.ApplyAsync(space.Path("inferenceservices", Service), Manifest(space, model, rollout, predictor));

    static string Manifest(Space space, string model, string rollout, string predictor) => $$"""
        apiVersion: sluice.dev/v1alpha1
        kind: InferenceService
        metadata: {name: {{Service}}, namespace: {{space.Name}}}
        spec:
          predictor:
            model: {storageUri: "{{TestEnvironment.Models}}/{{model}}/model.onnx"}
            minReplicas: 2
            {{predictor}}
          rollout: {{rollout}}
        """;

    static string Tail(string text) => text.Length <= 12000 ? text : text[^12000..];
}
