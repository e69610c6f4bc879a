using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.Integration.World;

/// <summary>One test's namespace, and the words in which scenarios are told.</summary>
internal sealed class Space(Cluster cluster, string name) : IAsyncDisposable
{
    /// <summary>Long enough for a loaded machine; a scenario that needs it all has failed anyway.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public string Name => name;

    public Api Api => cluster.Api;

    public string Path(string plural, string? named = null) => Plural.Path(plural, name) + (named is null ? "" : "/" + named);

    public Task<JsonNode?> GetAsync(string plural, string named) => Api.GetAsync(Path(plural, named));

    public Task<IReadOnlyList<JsonNode>> OwnedAsync(string plural, string service) =>
        Api.ListAsync(Path(plural), "sluice.dev/inferenceservice=" + service);

    /// <summary>Applies a ModelVersion for a file of tests/Models (or any URI).</summary>
    /// <param name="named">Its name.</param>
    /// <param name="model">A file of tests/Models, or a URI.</param>
    /// <param name="sha256">The pin.</param>
    /// <param name="spec">A further line of the spec.</param>
    /// <param name="metadata">Further members of the metadata, after a comma.</param>
    public async Task ModelVersionAsync(string named, string model, string? sha256 = null, string spec = "", string metadata = "")
    {
        await Api.ApplyAsync(Path("modelversions", named), $$"""
            apiVersion: sluice.dev/v1alpha1
            kind: ModelVersion
            metadata: {name: {{named}}, namespace: {{name}}{{metadata}}}
            spec:
              model: suite
              version: "1"
              format: {name: onnx}
              storageUri: {{Address(model)}}
              {{(sha256 is null ? "" : $"sha256: \"{sha256}\"")}}
              {{spec}}
            """);
        if (TestEnvironment.Kind == ClusterKind.ApiServerAlone)
            await SayVerifiedAsync(named);
    }

    /// <summary>Where nothing runs pods, the suite says what one would have found.</summary>
    Task<JsonNode> SayVerifiedAsync(string version)
    {
        JsonObject Condition(string type) => new()
        {
            ["type"] = type, ["status"] = "True", ["reason"] = "Verified", ["message"] = "said by the suite",
            ["observedGeneration"] = 1, ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
        };
        var status = new JsonObject
        {
            ["observedGeneration"] = 1,
            ["digest"] = "sha256:" + new string('0', 64),
            ["conditions"] = new JsonArray(Condition("Resolved"), Condition("Verified"), Condition("Ready")),
        };
        return Api.MergeAsync(Path("modelversions", version) + "/status", new JsonObject { ["status"] = status }.ToJsonString());
    }

    /// <summary>Applies an InferenceService of a model that no ModelVersion stands for.</summary>
    /// <param name="predictor">One more field of spec.predictor.</param>
    public Task<JsonNode> InlineServiceAsync(string named, string model, string? sha256 = null, string predictor = "") =>
        Api.ApplyAsync(Path("inferenceservices", named), $$"""
            apiVersion: sluice.dev/v1alpha1
            kind: InferenceService
            metadata: {name: {{named}}, namespace: {{name}}}
            spec:
              predictor:
                model:
                  storageUri: {{Address(model)}}
                  {{(sha256 is null ? "" : $"sha256: \"{sha256}\"")}}
                minReplicas: 1
                {{predictor}}
            """);

    static string Address(string model) =>
        model.Contains("://", StringComparison.Ordinal) ? model : $"{TestEnvironment.Models}/{model}";

    /// <summary>Applies an InferenceService; <paramref name="predictor"/> and <paramref name="spec"/> are further YAML lines, indented as here.</summary>
    public Task<JsonNode> ServiceAsync(
        string named, string version, int minReplicas = 1, string metadata = "", string predictor = "", string spec = "") =>
        Api.ApplyAsync(Path("inferenceservices", named), $$"""
            apiVersion: sluice.dev/v1alpha1
            kind: InferenceService
            metadata: {name: {{named}}, namespace: {{name}}{{metadata}}}
            spec:
              predictor:
                model: {version: {{version}}}
                minReplicas: {{minReplicas.ToString(CultureInfo.InvariantCulture)}}
                {{predictor}}
              {{spec}}
            """);

    /// <summary>A condition of the InferenceService, or null while it has none of that type.</summary>
    public async Task<JsonNode?> ConditionAsync(string service, string type, string plural = "inferenceservices")
    {
        var found = await GetAsync(plural, service);
        return found?["status"]?["conditions"]?.AsArray()
            .FirstOrDefault(condition => (string?)condition!["type"] == type);
    }

    public Task<JsonNode> ReadyAsync(string service) => ConditionIsAsync(service, "Ready", "True");

    /// <summary>Waits until the condition has the status and speaks of the newest generation of the spec.</summary>
    public async Task<JsonNode> ConditionIsAsync(
        string service, string type, string status, string? reason = null, string plural = "inferenceservices") =>
        await UntilAsync($"{plural}/{service} has {type}={status} {reason}", async () =>
        {
            var found = await GetAsync(plural, service);
            var condition = found?["status"]?["conditions"]?.AsArray().FirstOrDefault(c => (string?)c!["type"] == type);
            var current = (long?)found?["metadata"]?["generation"] == (long?)condition?["observedGeneration"];
            return current && (string?)condition?["status"] == status
                && (reason is null || (string?)condition?["reason"] == reason) ? condition : null;
        }, service);

    /// <summary>The revision that serves.</summary>
    public async Task<string?> StableAsync(string service) =>
        (string?)(await GetAsync("inferenceservices", service))?["status"]?["stable"]?["revision"];

    public Task<T> UntilAsync<T>(string what, Func<Task<T?>> probe, string? service = null, TimeSpan? limit = null)
        where T : class => cluster.UntilAsync(what, probe, () => DescribeAsync(service), limit ?? Patience);

    public Task TrueAsync(string what, Func<Task<bool>> probe, string? service = null, TimeSpan? limit = null) =>
        UntilAsync(what, async () => await probe() ? "yes" : null, service, limit);

    /// <summary>Asks the model through the front Service, as the API server's proxy carries it.</summary>
    public Task<(System.Net.HttpStatusCode Code, string Body)> AskModelAsync(string service, string path, string? json = null) =>
        Api.AskAsync(json is null ? HttpMethod.Get : HttpMethod.Post, $"{Path("services", service)}:80/proxy/{path}", json);

    public async ValueTask DisposeAsync() => await Api.DeleteAsync("/api/v1/namespaces/" + name);

    async Task<string> DescribeAsync(string? service)
    {
        if (service is null) return "";
        var found = await GetAsync("inferenceservices", service);
        var pods = await Api.ListAsync(Path("pods"));
        return $"\n{found?["status"]?.ToJsonString()}\npods: "
            + string.Join("\n", pods.Select(pod => $"{pod["metadata"]!["name"]} {pod["status"]?.ToJsonString()}"));
    }
}
