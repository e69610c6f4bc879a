using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Sluice.Operator.Api.Schema;

namespace Sluice.Crds;

/// <summary>
/// The structural schema of a C# type: shape from the serializer's own metadata, so that it cannot differ from what is read
/// and written; descriptions from the documentation comments; limits from attributes.
/// </summary>
internal static class TypeSchema
{
    static readonly JsonSchemaExporterOptions Exporter = new() { TransformSchemaNode = Transform };

    /// <summary>The schema of a whole object: kind, version and metadata are Kubernetes' own, spec is required.</summary>
    public static JsonObject OfObject(JsonTypeInfo type)
    {
        var exported = JsonSchemaExporter.GetJsonSchemaAsNode(type, Exporter).AsObject();
        var members = exported["properties"]!.AsObject();
        return Ordered(new JsonObject
        {
            ["description"] = exported["description"]?.DeepClone(),
            ["type"] = "object",
            ["required"] = new JsonArray("spec"),
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = Plain("string", "Group and version of this object's form."),
                ["kind"] = Plain("string", "The kind of this object."),
                ["metadata"] = new JsonObject { ["type"] = "object" },
                ["spec"] = members["spec"]!.DeepClone(),
                ["status"] = members["status"]!.DeepClone(),
            },
            ["x-kubernetes-validations"] = exported["x-kubernetes-validations"]?.DeepClone(),
        });
    }

    static JsonObject Plain(string type, string description) => new() { ["description"] = description, ["type"] = type };

    static JsonNode Transform(JsonSchemaExporterContext context, JsonNode exported)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var node = WellKnown.Schema(type) ?? Structural(exported, type);
        if (context.PropertyInfo is { AttributeProvider: PropertyInfo property })
        {
            Limits.Apply(node, property);
            Describe(node, XmlDocs.Summary(property) ?? XmlDocs.Summary(type));
        }
        else if (context.Path.Length == 0)
            Describe(node, XmlDocs.Summary(type));
        return Ordered(node);
    }

    /// <summary>The exporter writes JSON Schema; a structural schema has one type per node and no null among its values.</summary>
    static JsonObject Structural(JsonNode exported, Type type)
    {
        var node = exported as JsonObject ?? throw new InvalidOperationException($"{type.Name} needs a schema of its own");
        if (node["type"] is JsonArray types)
            node["type"] = types.First(name => (string?)name != "null")!.DeepClone();
        if (node["enum"] is JsonArray values)
        {
            node["type"] = "string";
            node["enum"] = new JsonArray([.. values.Where(value => value is not null).Select(value => value!.DeepClone())]);
        }
        if (Format(type) is { } format)
        {
            node["type"] = type == typeof(double) ? "number" : "integer";
            node["format"] = format;
            node.Remove("pattern");
        }
        Limits.ApplyRules(node, type.GetCustomAttributes<CelAttribute>());
        return node;
    }

    static string? Format(Type type) =>
        type == typeof(int) ? "int32" : type == typeof(long) ? "int64" : type == typeof(double) ? "double" : null;

    static void Describe(JsonObject node, string? description)
    {
        if (description is not null)
            node["description"] = description;
    }

    static readonly string[] Order =
    [
        "description", "type", "format", "default", "enum", "anyOf", "pattern", "minLength", "maxLength", "minimum",
        "exclusiveMinimum", "maximum", "exclusiveMaximum", "minItems", "maxItems", "minProperties", "maxProperties",
        "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-list-type",
        "x-kubernetes-list-map-keys", "x-kubernetes-map-type", "required", "properties", "items", "additionalProperties",
        "x-kubernetes-validations",
    ];

    /// <summary>The same members in the order in which people read them.</summary>
    static JsonObject Ordered(JsonObject node)
    {
        var unknown = node.Select(member => member.Key).Except(Order, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw new InvalidOperationException($"no place in a structural schema for {string.Join(", ", unknown)}: {node}");
        var ordered = new JsonObject();
        foreach (var name in Order)
        {
            if (node[name] is { } value)
                ordered[name] = value.DeepClone();
        }
        return ordered;
    }
}
