using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Contract;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Tests.Faults;

/// <summary>Makes Deployments into pods, and pods into endpoints, a little later than asked.</summary>
internal sealed class MiniKubelet(MiniStore store) : IAsyncDisposable
{
    readonly CancellationTokenSource ending = new();
    readonly ConcurrentDictionary<string, (long Generation, string? Told)> applied = new();
    Task running = Task.CompletedTask;

    /// <summary>Models (storageUri) that do not load.</summary>
    public HashSet<string> Broken { get; } = [];

    /// <summary>What a pod says of the split: it knows the one that it was born with, or that it was told of last.</summary>
    public string? Evidence(string pod) => applied.TryGetValue(pod, out var known) ? $$"""{"process":"{{pod}}","generation":{{known.Generation}},"revisions":[]}""" : null;

    public MiniKubelet Start()
    {
        running = RunAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        ending.Dispose();
    }

    async Task RunAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            Step();
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, ending.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    void Step()
    {
        foreach (var scaler in store.All("horizontalpodautoscalers"))
        {
            var least = (int)scaler["spec"]!["minReplicas"]!;
            store.Change("deployments", (string)scaler["spec"]!["scaleTargetRef"]!["name"]!, d => d["spec"]!["replicas"] = Math.Max((int?)d["spec"]!["replicas"] ?? 1, least));
        }

        var wanted = new Dictionary<string, JsonObject>();
        foreach (var deployment in store.All("deployments"))
        {
            var name = (string)deployment["metadata"]!["name"]!;
            for (var i = 0; i < ((int?)deployment["spec"]!["replicas"] ?? 1); i++)
                wanted[$"{name}-{i}"] = Pod(deployment, $"{name}-{i}");
        }

        foreach (var job in store.All("jobs"))
            wanted[$"{(string)job["metadata"]!["name"]!}-0"] = Examined(job);
        Replace("pods", wanted);
        Refresh();
        Replace("endpointslices", store.All("services").ToDictionary(static s => (string)s["metadata"]!["name"]!, Slice));
    }

    /// <summary>Files are read anew when a pod's annotations change, and not before.</summary>
    void Refresh()
    {
        var pods = store.All("pods").ToDictionary(static p => (string)p["metadata"]!["name"]!);
        foreach (var gone in applied.Keys.Except(pods.Keys))
            applied.TryRemove(gone, out _);
        foreach (var (name, pod) in pods)
        {
            var told = pod["metadata"]!["annotations"]?.ToJsonString();
            if (applied.TryGetValue(name, out var known) && known.Told == told)
                continue;
            var service = (string)pod["metadata"]!["labels"]!["sluice.dev/inferenceservice"]!;
            if (store.Get("configmaps", $"{service}-split") is { } map)
                applied[name] = ((long)JsonNode.Parse((string)map["data"]!["split.json"]!)!["generation"]!, told);
        }
    }

    void Replace(string plural, Dictionary<string, JsonObject> wanted)
    {
        foreach (var gone in store.All(plural).Select(static p => (string)p["metadata"]!["name"]!).Except(wanted.Keys))
            store.Delete(plural, gone);
        foreach (var (name, value) in wanted)
        {
            var present = store.Get(plural, name);
            if (present is not null && JsonNode.DeepEquals(present["status"], value["status"]) && JsonNode.DeepEquals(present["endpoints"], value["endpoints"]))
                continue;
            if (present?["metadata"]!["annotations"] is { } annotations)
                value["metadata"]!["annotations"] = annotations.DeepClone();
            store.Put(plural, value);
        }
    }

    JsonObject Pod(JsonObject deployment, string name)
    {
        var template = deployment["spec"]!["template"]!;
        var uri = (string)template["spec"]!["initContainers"]![0]!["args"]![2]!;
        var failed = Broken.Contains(uri);
        var status = new JsonObject
        {
            ["phase"] = failed ? "Pending" : "Running",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = failed ? "False" : "True" }),
        };
        if (failed)
        {
            status["initContainerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = "model",
                ["ready"] = false,
                ["lastState"] = new JsonObject
                {
                    ["terminated"] = new JsonObject { ["exitCode"] = 1, ["message"] = """{"reason":"DigestMismatch","message":"not what was pinned"}""" },
                },
            });
        }

        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "shop", ["labels"] = template["metadata"]!["labels"]!.DeepClone() },
            ["status"] = status,
        };
    }

    /// <summary>Every artifact is a model; what is broken shows only where it is to serve.</summary>
    static JsonObject Examined(JsonObject job)
    {
        var metadata = job["metadata"]!;
        var template = job["spec"]!["template"]!;
        var uri = (string)template["spec"]!["initContainers"]![0]!["args"]![2]!;
        var report = new ModelReport
        {
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(uri))),
            SizeBytes = 1,
            Format = "onnx",
            Inputs = [],
            Outputs = [],
        };
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{(string)metadata["name"]!}-0",
                ["namespace"] = "shop",
                ["labels"] = template["metadata"]!["labels"]!.DeepClone(),
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "batch/v1",
                    ["kind"] = "Job",
                    ["name"] = (string)metadata["name"]!,
                    ["uid"] = (string)metadata["uid"]!,
                    ["controller"] = true,
                }),
            },
            ["status"] = new JsonObject
            {
                ["phase"] = "Succeeded",
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "False" }),
                ["containerStatuses"] = new JsonArray(new JsonObject
                {
                    ["name"] = ContainersFor.InspectingName,
                    ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 0, ["message"] = ModelReportLine.Of(report) } },
                }),
            },
        };
    }

    JsonObject Slice(JsonObject service)
    {
        var name = (string)service["metadata"]!["name"]!;
        var selector = service["spec"]?["selector"]?.AsObject() ?? [];
        var labels = service["metadata"]!["labels"]?.DeepClone().AsObject() ?? [];
        labels["kubernetes.io/service-name"] = name;
        var endpoints = store.All("pods")
            .Where(p => selector.All(s => (string?)p["metadata"]!["labels"]![s.Key] == (string?)s.Value))
            .Where(static p => (string?)p["status"]!["conditions"]![0]!["status"] == "True")
            .Select(static p => (JsonNode)new JsonObject
            {
                ["conditions"] = new JsonObject { ["ready"] = true },
                ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["name"] = (string)p["metadata"]!["name"]! },
            });
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "shop", ["labels"] = labels },
            ["addressType"] = "IPv4",
            ["endpoints"] = new JsonArray([.. endpoints]),
        };
    }
}
