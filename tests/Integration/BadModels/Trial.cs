using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Integration.World;
using Sluice.Support.Http;

namespace Sluice.Integration.BadModels;

/// <summary>One bad version rolled out to a service of its own, whose users call all the time.</summary>
internal sealed class Trial(Space space, LoopbackServer storage, BadModel model)
{
    const string Service = "iris";

    /// <summary>Longer than the most patient of them needs on a loaded machine.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task<TrialResult> RunAsync(Cluster cluster, LoopbackServer storage, BadModel model)
    {
        await using var space = await cluster.SpaceAsync();
        return await new Trial(space, storage, model).RunAsync();
    }

    async Task<TrialResult> RunAsync()
    {
        await ApplyAsync(good: true);
        await space.TrueAsync("both pods are Ready", async () => (int?)(await StatusAsync())?["stable"]?["readyReplicas"] == 2, Service);
        var stable = (await space.StableAsync(Service))!;
        var before = await PodsAsync(stable);
        await using var load = await Load.StartAsync(space, Service);
        await space.TrueAsync("users are served", () => Task.FromResult(load.Answers > Load.PerSecond), Service);

        await ApplyAsync(good: false);
        var sight = new Sight(space, model, Service, stable);
        await space.TrueAsync($"{model.Name} is over", sight.LookAsync, Service, Limit);
        await space.TrueAsync("only what serves is left", async () =>
            (await space.OwnedAsync("deployments", Service)).Select(static d => (string?)d["metadata"]!["name"]).SequenceEqual([stable]), Service);
        var since = load.Answers;
        await space.TrueAsync("users are served afterwards", () => Task.FromResult(load.Answers > since + Load.PerSecond), Service);
        return new TrialResult(model, sight, load, await load.StopAsync())
        {
            Stable = stable,
            PodsBefore = before,
            PodsAfter = await PodsAsync(stable),
            StableAtTheEnd = await space.StableAsync(Service),
        };
    }

    async Task<JsonNode?> StatusAsync() => (await space.GetAsync("inferenceservices", Service))?["status"];

    /// <summary>Who they are, and how often they began anew.</summary>
    async Task<IReadOnlyList<string>> PodsAsync(string revision) =>
    [
        .. (await space.OwnedAsync("pods", Service))
            .Where(p => (string?)p["metadata"]!["labels"]!["sluice.dev/revision"] == revision)
            .Select(static p => $"{p["metadata"]!["name"]}, {p["status"]!["containerStatuses"]![0]!["restartCount"]} restarts")
            .Order(StringComparer.Ordinal),
    ];

    async Task ApplyAsync(bool good)
    {
        var name = good ? "good" : "bad";
        var address = string.Create(CultureInfo.InvariantCulture, $"{storage.Address}{Trials.FolderOf(model)}/{name}/model.onnx");
        if (model.Registered)
        {
            await space.ModelVersionAsync(name, address);
            await space.ConditionIsAsync(name, "Ready", "True", plural: "modelversions");
        }

        await space.Api.ApplyAsync(space.Path("inferenceservices", Service), $$"""
            apiVersion: sluice.dev/v1alpha1
            kind: InferenceService
            metadata: {name: {{Service}}, namespace: {{space.Name}}}
            spec:
              predictor:
                model:
                  {{(model.Registered ? $"version: {name}" : $"storageUri: {address}")}}
                  resources: { {{(good ? BadModel.SmallResources : model.Resources)}} }
                  {{(good ? "" : model.Field)}}
                minReplicas: 2
              rollout: {{model.Rollout}}
            """);
    }
}
