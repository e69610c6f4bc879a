using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;

namespace Sluice.LocalCluster.Demo;

/// <summary>Flowers of another size: the service notices, says which measures moved and by how much, and starts a Job.</summary>
/// <param name="apply">Applies a file after a change of each document.</param>
internal sealed class DriftScene(
    DemoOptions options, KubeClient client, Progress progress, TimeProvider time, Func<string, Action<JsonNode>, CancellationToken, Task> apply)
{
    const string Name = "iris-watched";
    const double Larger = 3;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    public async Task RunAsync(IrisRows rows, CancellationToken cancel)
    {
        progress.Say();
        await apply(options.DriftSample, Retraining, cancel);
        progress.Done("apply", "kubectl apply -f config/samples/iris-drift.yaml");
        await UntilAsync("Ready", s => IsTrue(s, "Ready"), null, cancel);
        await UntilAsync("baseline", s => Drift(s) is { } seen && (string?)seen["reason"] is not ("NotWatched" or "LearningBaseline"), rows, cancel);
        progress.Done("baseline", $"learnt from the {rows.Features.Count} rows of iris.csv");
        var moved = rows with { Features = [.. rows.Features.Select(static row => row.Select(static value => value + Larger).ToArray())] };
        var status = await UntilAsync("drift", s => IsTrue(s, "DriftDetected") && s["monitoring"]?["reaction"]?["jobStarted"] is not null, moved, cancel);
        progress.Done("drift", $"the same flowers, {Larger:0} cm larger: DriftDetected=True");
        progress.Say($"    {(string?)Drift(status)!["message"]}");
        progress.Done("retraining", $"Job {(string?)status["monitoring"]!["reaction"]!["job"]} was started, with the evidence in SLUICE_DRIFT_EVIDENCE");
    }

    /// <summary>Nobody trains here: any program stands for it.</summary>
    static void Retraining(JsonNode document)
    {
        var container = document["spec"]!["predictor"]!["monitoring"]!["onDrift"]!["jobTemplate"]!["spec"]!["template"]!["spec"]!["containers"]![0]!;
        container["image"] = DemoOptions.RuntimeImage;
        container["args"] = new JsonArray("version");
    }

    async Task<JsonNode> UntilAsync(string what, Func<JsonNode, bool> reached, IrisRows? sent, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        for (; ; )
        {
            if (sent is not null)
                await SendAsync(sent, cancel);
            var found = JsonNode.Parse((await client.GetJsonAsync($"/apis/sluice.dev/v1alpha1/namespaces/{DemoService.Namespace}/inferenceservices/{Name}", cancel)).GetRawText())!;
            if (found["status"] is { } status && reached(status))
                return status;
            if (time.GetElapsedTime(started) > Patience)
                throw new DemoFailure($"{what} of {Name} took longer than {Patience.TotalMinutes:0} minutes: {found["status"]?.ToJsonString() ?? "the operator has not looked at it"}");
            progress.Waiting(what, (string?)Drift(found["status"])?["message"] ?? "the pod starts");
            await Task.Delay(Interval, time, cancel);
        }
    }

    async Task SendAsync(IrisRows rows, CancellationToken cancel)
    {
        using var body = new StringContent(rows.Request(0, rows.Features.Count), Encoding.UTF8, "application/json");
        using var answer = await client.RawAsync(
            HttpMethod.Post, $"/api/v1/namespaces/{DemoService.Namespace}/services/{Name}:80/proxy/v1/models/{Name}:predict", body, cancel);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new DemoFailure($"{Name} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
    }

    static JsonNode? Drift(JsonNode? status) => Condition(status, "DriftDetected");

    static bool IsTrue(JsonNode? status, string type) => (string?)Condition(status, type)?["status"] == "True";

    static JsonNode? Condition(JsonNode? status, string type) => status?["conditions"]?.AsArray().FirstOrDefault(c => (string?)c!["type"] == type);
}
