using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;
using Sluice.Support.Programs;

namespace Sluice.Plugin.Tests.Support;

/// <summary>Services as the cluster has them, from files.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static string[] Names => [.. Directory.GetFiles(Folder(), "*.yaml").Select(static f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    public static InferenceService Service(string name) => Service(Json(name));

    public static InferenceService Service(JsonObject json) => json.Deserialize(ApiJson.Default.InferenceService)!;

    public static JsonObject Json(string name) => Read(Path.Combine(Folder(), name + ".yaml"));

    public static JsonObject Read(string path) => Yaml.Read(File.ReadAllText(path))[0].AsObject();

    /// <summary>Files that Argo CD's health check and actions are tested with too.</summary>
    public static JsonObject ArgoCD(string name) =>
        Read(Checkout.Path("config", "argocd", "resource_customizations", "sluice.dev", "InferenceService", name));

    static string Folder() => Checkout.Path("tests", "Plugin.Tests", "Samples");
}
