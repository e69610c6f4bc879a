using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sluice.Operator.Api.Schema;

namespace Sluice.Crds;

/// <summary>
/// The structural schema of a C# type: shape from the serializer's own metadata, so that it cannot differ from what is read
/// and written; descriptions from the documentation comments; limits from attributes.
/// </summary>
/// <remarks>System.Text.Json's own exporter writes references where a type repeats, which a structural schema must not hold.</remarks>
internal static class TypeSchema
{
    /// <summary>The schema of a whole object: kind, version and metadata are Kubernetes' own, spec is required.</summary>
    public static JsonObject OfObject(JsonTypeInfo type)
    {
        var members = Of(type.Type, type.Options)["properties"]!.AsObject();
        var schema = new JsonObject
        {
            ["description"] = XmlDocs.Summary(type.Type),
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
        };
        Limits.ApplyRules(schema, type.Type.GetCustomAttributes<CelAttribute>());
        return Ordered(schema);
    }

    static JsonObject Plain(string type, string description) => new() { ["description"] = description, ["type"] = type };

    static JsonObject Of(Type declared, JsonSerializerOptions options)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        return WellKnown.Schema(type) ?? Scalar(type) ?? Compound(options.GetTypeInfo(type));
    }

    static JsonObject? Scalar(Type type)
    {
        if (type.IsEnum)
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. EnumNames(type)]) };
        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => new JsonObject { ["type"] = "string" },
            TypeCode.Boolean => new JsonObject { ["type"] = "boolean" },
            TypeCode.Int32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
            TypeCode.Int64 => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            TypeCode.Double => new JsonObject { ["type"] = "number", ["format"] = "double" },
            _ => null,
        };
    }

    static IEnumerable<JsonNode> EnumNames(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (JsonNode)(field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name));

    static JsonObject Compound(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object => Record(type),
        JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Described(type.ElementType!, type.Options) },
        JsonTypeInfoKind.Dictionary => new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = Described(type.ElementType!, type.Options),
        },
        _ => throw new InvalidOperationException($"{type.Type} needs a schema of its own in {nameof(WellKnown)}"),
    };

    static JsonObject Described(Type type, JsonSerializerOptions options)
    {
        var node = Of(type, options);
        Describe(node, XmlDocs.Summary(type));
        return Ordered(node);
    }

    static JsonObject Record(JsonTypeInfo type)
    {
        var properties = new JsonObject();
        foreach (var member in type.Properties.Where(member => member.AttributeProvider is PropertyInfo))
            properties[member.Name] = Member(member, type.Options);
        var node = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (type.Properties.Any(member => member.IsRequired))
            node["required"] = new JsonArray([.. type.Properties.Where(m => m.IsRequired).Select(m => (JsonNode)m.Name)]);
        Limits.ApplyRules(node, type.Type.GetCustomAttributes<CelAttribute>());
        return node;
    }

    static JsonObject Member(JsonPropertyInfo member, JsonSerializerOptions options)
    {
        var property = (PropertyInfo)member.AttributeProvider!;
        var node = Of(member.PropertyType, options);
        Limits.Apply(node, property);
        Describe(node, XmlDocs.Summary(property));
        return Ordered(node);
    }

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
