using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;

namespace Sluice.LocalCluster.Demo;

/// <summary>The InferenceService of the demo, looked at as kubectl does.</summary>
/// <param name="broken">Says why waiting has become pointless; null while it has not.</param>
internal sealed class DemoService(KubeClient client, Progress progress, TimeProvider time, Func<string?> broken)
{
    public const string Namespace = "default";
    public const string Name = "iris";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for a status; empty until the operator has written one for the spec as it is.</summary>
    /// <exception cref="DemoFailure">It does not come; says what was there instead.</exception>
    /// <param name="what">Is waited for.</param>
    /// <param name="reached">Looks at each status.</param>
    /// <param name="told">What looks also tells the person.</param>
    public async Task<JsonObject> UntilAsync(string what, Func<JsonObject, bool> reached, CancellationToken cancel, bool told = false)
    {
        var started = time.GetTimestamp();
        for (; ; )
        {
            var status = await StatusAsync(cancel);
            if (reached(status)) return status;
            if (broken() is { } why) throw new DemoFailure(why);
            if (time.GetElapsedTime(started) > Patience)
                throw new DemoFailure($"{what} took longer than {Patience.TotalMinutes:0} minutes: {Describe(status)}");
            if (!told) progress.Waiting(what, Describe(status));
            await Task.Delay(Interval, time, cancel);
        }
    }

    public static JsonNode? Condition(JsonObject status, string type) =>
        status["conditions"]?.AsArray().FirstOrDefault(c => (string?)c!["type"] == type);

    public static bool IsTrue(JsonObject status, string type) => (string?)Condition(status, type)?["status"] == "True";

    static string Describe(JsonObject status) =>
        (string?)status["rollout"]?["nextAction"]
        ?? (string?)Condition(status, "Ready")?["message"]
        ?? "the operator has not looked at it yet";

    async Task<JsonObject> StatusAsync(CancellationToken cancel)
    {
        using var answer = await client.RawAsync(HttpMethod.Get,
            $"/apis/sluice.dev/v1alpha1/namespaces/{Namespace}/inferenceservices/{Name}", cancel: cancel);
        if (!answer.IsSuccessStatusCode) return [];
        var found = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))!.AsObject();
        var status = found["status"] as JsonObject;
        return (long?)status?["observedGeneration"] == (long?)found["metadata"]!["generation"] ? status! : [];
    }
}
