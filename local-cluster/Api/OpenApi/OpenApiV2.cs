using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Discovery;
using Sluice.LocalCluster.Api.Resources;

namespace Sluice.LocalCluster.Api.OpenApi;

/// <summary>OpenAPI 2 for everything, as far as clients without version 3 need it: the definitions.</summary>
internal static class OpenApiV2
{
    public static JsonObject Document(IReadOnlyList<IKind> kinds)
    {
        var schemas = new OpenApiSchemas("#/definitions/");
        foreach (var kind in kinds)
        {
            foreach (var version in kind.Versions)
                schemas.Add(kind, version.Name);
        }

        return new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = SystemPaths.GitVersion },
            ["paths"] = new JsonObject(),
            ["definitions"] = schemas.ToJson(),
        };
    }
}
