using System.Text.Json.Nodes;
using Sluice.LocalCluster.Api.Discovery;
using Sluice.LocalCluster.Api.Resources;

namespace Sluice.LocalCluster.Api.OpenApi;

/// <summary>OpenAPI 3 for one group and version.</summary>
internal static class OpenApiV3
{
    const string Schemas = "#/components/schemas/";

    static readonly (string Name, string Description)[] WriteParameters =
    [
        ("dryRun", "All: do everything but store."),
        ("fieldManager", "Who writes."),
        ("fieldValidation", "Ignore, Warn or Strict: how unknown fields are taken."),
    ];

    public static JsonObject Document(string group, string version, IReadOnlyList<IKind> kinds)
    {
        var schemas = new OpenApiSchemas(Schemas);
        var paths = new JsonObject();
        foreach (var kind in kinds)
        {
            schemas.Add(kind, version);
            AddPaths(paths, kind, version, schemas.Reference(OpenApiSchemas.NameOf(kind, version)));
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = SystemPaths.GitVersion },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.ToJson() },
        };
    }

    static void AddPaths(JsonObject paths, IKind kind, string version, JsonObject reference)
    {
        var root = kind.Info.Group.Length == 0 ? $"/api/{version}" : $"/apis/{kind.Info.Group}/{version}";
        var collection = kind.Info.Namespaced ? $"{root}/namespaces/{{namespace}}/{kind.Info.Plural}" : $"{root}/{kind.Info.Plural}";
        paths[collection] = new JsonObject
        {
            ["get"] = Operation(kind, version, "list", reference, []),
            ["post"] = Operation(kind, version, "post", reference, WriteParameters),
            ["delete"] = Operation(kind, version, "deletecollection", reference, []),
        };
        paths[$"{collection}/{{name}}"] = new JsonObject
        {
            ["get"] = Operation(kind, version, "get", reference, []),
            ["put"] = Operation(kind, version, "put", reference, WriteParameters),
            ["patch"] = Operation(kind, version, "patch", reference, [.. WriteParameters, ("force", "An apply takes fields from other managers.")]),
            ["delete"] = Operation(kind, version, "delete", reference, []),
        };
    }

    static JsonObject Operation(IKind kind, string version, string action, JsonObject reference, (string Name, string Description)[] parameters) => new()
    {
        ["operationId"] = $"{action}{kind.Info.Group}{version}{kind.Info.Kind}",
        ["x-kubernetes-action"] = action,
        ["x-kubernetes-group-version-kind"] = OpenApiSchemas.KindOf(kind, version, kind.Info.Kind),
        ["parameters"] = new JsonArray([.. parameters.Select(parameter => new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = "query",
            ["description"] = parameter.Description,
            ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
        })]),
        ["responses"] = new JsonObject
        {
            ["200"] = new JsonObject
            {
                ["description"] = "OK",
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = reference.DeepClone() } },
            },
        },
    };
}
