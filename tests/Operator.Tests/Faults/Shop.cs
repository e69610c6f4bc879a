using System.Text.Json.Nodes;
using Sluice.Contract;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Support;

namespace Sluice.Operator.Tests.Faults;

/// <summary>A small cluster with an API that can fail, a kubelet, and a service called iris.</summary>
internal sealed class Shop : IAsyncDisposable
{
    readonly MiniKubelet kubelet;

    Shop(MiniApi api)
    {
        Api = api;
        kubelet = new MiniKubelet(api.Store).Start();
    }

    public MiniApi Api { get; }

    public MiniStore Store => Api.Store;

    public HashSet<string> BrokenModels => kubelet.Broken;

    /// <summary>What a pod says at its admin port.</summary>
    public Task<string?> ScrapeAsync(Pod pod, string path, CancellationToken cancel) =>
        Task.FromResult(path == EvidenceDocument.Path ? kubelet.Evidence(pod.Metadata.Name!) : null);

    public static async Task<Shop> OpenAsync()
    {
        var shop = new Shop(await MiniApi.StartAsync());
        foreach (var version in new[] { "iris-1", "iris-2", "iris-3" })
            shop.Store.Put("modelversions", Yaml.Read($"{{metadata: {{name: {version}}}, spec: {{model: iris, version: '1', format: {{name: onnx}}, storageUri: 'https://models/{version}'}}}}")[0].AsObject());
        return shop;
    }

    public async ValueTask DisposeAsync()
    {
        await kubelet.DisposeAsync();
        await Api.DisposeAsync();
    }

    /// <summary>What <c>kubectl apply</c> does: the spec changes, status stays.</summary>
    public void Apply(string version, string predictor = "minReplicas: 2", string name = "iris", string rollout = "{}")
    {
        var spec = Yaml.Read($"{{predictor: {{model: {{version: {version}}}, {predictor}}}, rollout: {rollout}}}")[0];
        var present = Store.Get("inferenceservices", name) ?? Yaml.Read($"{{metadata: {{name: {name}}}}}")[0].AsObject();
        present["spec"] = spec;
        Store.Put("inferenceservices", present);
    }

    public JsonObject? Status(string name = "iris") => Store.Get("inferenceservices", name)?["status"]?.AsObject();

    public string? Condition(string type, string field = "status", string name = "iris") =>
        (string?)Status(name)?["conditions"]?.AsArray().FirstOrDefault(c => (string?)c!["type"] == type)?[field];

    public bool Serves(string version, string name = "iris") =>
        (string?)Status(name)?["stable"]?["version"] == version && Condition("Promoted", name: name) == "True"
        && Condition("Reconciling", name: name) == "False" && Status(name)?["candidate"] is null
        && new[] { "deployments", "services", "horizontalpodautoscalers", "poddisruptionbudgets" }.SelectMany(Store.All)
            .Select(static item => item["metadata"]!["labels"]).Where(labels => (string?)labels?["sluice.dev/inferenceservice"] == name)
            .Select(static labels => (string?)labels!["sluice.dev/revision"]).OfType<string>().Distinct().Count() == 1;

    public Task UntilServesAsync(string version, string name = "iris") =>
        Eventually.TrueAsync(() => Serves(version, name), () => $"{version} serves {name}; but: {Status(name)}\n{string.Join('\n', Api.Written)}");

    /// <summary>A pass that has confirmed what it saw still writes: waits until none is under way.</summary>
    public async Task UntilQuietAsync()
    {
        string[] before;
        do
        {
            before = Api.Written;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
        while (Api.Written.Length != before.Length);
    }

    /// <summary>What is there in the end, without what differs from run to run.</summary>
    public string World()
    {
        var lines = new List<string>();
        foreach (var plural in new[] { "configmaps", "controllerrevisions", "deployments", "services", "horizontalpodautoscalers", "poddisruptionbudgets" })
        {
            foreach (var item in Store.All(plural))
            {
                var metadata = item["metadata"]!.AsObject();
                item.Remove("status");
                // Records of attempts: that they are there, not how often something was decided again.
                item.Remove("binaryData");
                // How often the document changed on the way depends on what went wrong.
                if (plural == "configmaps" && item["data"] is not null)
                    item["data"] = JsonNode.Parse((string)item["data"]!["split.json"]!)!["shares"]!.DeepClone();
                foreach (var own in new[] { "uid", "resourceVersion", "generation", "managedFields", "ownerReferences" })
                    metadata.Remove(own);
                lines.Add($"{plural} {item.ToJsonString()}");
            }
        }

        var status = Status()!;
        lines.Add($"stable {(string?)status["stable"]!["revision"]} attempt {status["rollout"]!["attempt"]} outcome {(string?)status["rollout"]!["outcome"]}");
        return string.Join('\n', lines);
    }
}
