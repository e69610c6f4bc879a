using System.Text;
using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Http;
using Sluice.LocalCluster.Api.OpenApi;

namespace Sluice.LocalCluster.Api.Discovery;

/// <summary>Paths that are no resources: health, version, discovery, OpenAPI, metrics.</summary>
internal sealed class SystemPaths(ApiState state, RequestRecord record)
{
    /// <summary>The version whose behaviour is followed.</summary>
    public const string GitVersion = "v1.34.0+sluice-local";

    static readonly string[] Roots =
        ["/api", "/api/v1", "/apis", "/debug/requests", "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version"];

    readonly DiscoveryDocuments discovery = new(state.Kinds);
    readonly OpenApiDocuments openApi = new(state.Kinds);

    /// <summary>Who answers, or null when the path names a resource or nothing.</summary>
    public Func<Task>? Find(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "").TrimEnd('/');
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Func<Task>? answer = parts switch
        {
            [] => () => Answers.JsonAsync(context, 200, new JsonObject { ["paths"] = new JsonArray([.. Roots.Select(root => (JsonNode)root)]) }),
            ["healthz" or "livez" or "readyz", ..] => () => HealthAsync(context, parts[0]),
            ["version"] => () => Answers.JsonAsync(context, 200, VersionInfo()),
            ["api"] => () => discovery.CoreAsync(context),
            ["apis"] => () => discovery.GroupsAsync(context),
            ["api", "v1"] => () => discovery.ResourcesAsync(context, "", "v1"),
            ["apis", var group] => () => discovery.GroupAsync(context, group),
            ["apis", var group, var version] => () => discovery.ResourcesAsync(context, group, version),
            ["openapi", "v2"] => () => openApi.V2Async(context),
            ["openapi", "v3", ..] => () => openApi.V3Async(context, string.Join('/', parts.Skip(2))),
            ["metrics"] => () => MetricsAsync(context),
            ["debug", "requests"] => () => Answers.JsonAsync(context, 200, record.ToJson()),
            _ => null,
        };
        return answer is null || context.Request.Method is "GET" or "HEAD" ? answer : throw ApiException.MethodNotAllowed();
    }

    static Task HealthAsync(HttpContext context, string check)
    {
        if (!context.Request.Query.ContainsKey("verbose"))
            return Answers.TextAsync(context, 200, "ok");
        return Answers.TextAsync(context, 200, $"[+]ping ok\n[+]log ok\n[+]store ok\n{check} check passed\n");
    }

    static JsonObject VersionInfo() => new()
    {
        ["major"] = "1",
        ["minor"] = "34",
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2025-08-27T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "dotnet",
        ["platform"] = "linux/amd64",
    };

    Task MetricsAsync(HttpContext context)
    {
        var text = new StringBuilder();
        text.Append("# HELP apiserver_storage_objects Number of stored objects by resource.\n# TYPE apiserver_storage_objects gauge\n");
        foreach (var kind in state.Kinds.All)
            text.Append($"apiserver_storage_objects{{resource=\"{kind.Info.Qualified}\"}} {kind.Objects.Objects.Count}\n");
        text.Append("# HELP apiserver_request_total Requests by verb and resource.\n# TYPE apiserver_request_total counter\n");
        foreach (var (verb, resource, count) in record.Totals())
            text.Append($"apiserver_request_total{{verb=\"{verb}\",resource=\"{resource}\"}} {count}\n");
        return Answers.TextAsync(context, 200, text.ToString());
    }
}
