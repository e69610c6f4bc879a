using System.Reflection;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api.Schema;

namespace Sluice.Crds;

/// <summary>The CustomResourceDefinition of a kind.</summary>
internal static class Definition
{
    public static JsonObject Of<T>()
        where T : KubeObject<T>, IKubeObject<T>
    {
        var kind = T.Kind;
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{kind.Plural}.{kind.Group}",
                ["labels"] = new JsonObject
                {
                    ["app.kubernetes.io/name"] = "sluice",
                    ["app.kubernetes.io/part-of"] = "sluice",
                    ["app.kubernetes.io/component"] = "crd",
                },
            },
            ["spec"] = new JsonObject
            {
                ["group"] = kind.Group,
                ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
                ["names"] = Names(typeof(T), kind),
                ["versions"] = new JsonArray(Version<T>(kind)),
            },
        };
    }

    static JsonObject Names(Type type, ResourceKind kind)
    {
        var names = type.GetCustomAttribute<CustomResourceAttribute>()
            ?? throw new InvalidOperationException($"{type.Name} needs [CustomResource]");
        return new JsonObject
        {
            ["kind"] = kind.Kind,
            ["listKind"] = kind.Kind + "List",
            ["plural"] = kind.Plural,
            ["singular"] = names.Singular,
            ["shortNames"] = Strings(names.ShortNames),
            ["categories"] = Strings(["sluice"]),
        };
    }

    static JsonObject Version<T>(ResourceKind kind)
        where T : KubeObject<T>, IKubeObject<T>
    {
        var version = new JsonObject
        {
            ["name"] = kind.Version,
            ["served"] = true,
            ["storage"] = true,
            ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
            ["additionalPrinterColumns"] = Elements(typeof(T).GetCustomAttributes<PrinterColumnAttribute>(), Column),
        };
        var selectable = Elements(
            typeof(T).GetCustomAttributes<SelectableFieldAttribute>(), field => new JsonObject { ["jsonPath"] = field.JsonPath });
        if (selectable.Count > 0)
            version["selectableFields"] = selectable;
        version["schema"] = new JsonObject { ["openAPIV3Schema"] = TypeSchema.OfObject(T.JsonType) };
        return version;
    }

    static JsonObject Column(PrinterColumnAttribute column)
    {
        var result = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Description is { } description)
            result["description"] = description;
        if (column.Priority > 0)
            result["priority"] = column.Priority;
        return result;
    }

    static JsonArray Elements<T>(IEnumerable<T> items, Func<T, JsonNode> make) => [.. items.Select(make)];

    static JsonArray Strings(IEnumerable<string> items) => [.. items.Select(item => (JsonNode)item)];
}
