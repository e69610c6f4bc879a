using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema.Definitions;

/// <summary>
/// What makes a schema structural: every node has a type, metadata is left alone, and what is nested in allOf, anyOf, oneOf
/// and not only limits values whose shape is given outside of it.
/// </summary>
internal static class SchemaStructure
{
    static readonly string[] Junctors = ["allOf", "anyOf", "oneOf"];

    static readonly (string Name, string Rule)[] ForbiddenInside =
    [
        ("type", "must be empty to be structural"),
        ("additionalProperties", "must be undefined to be structural"),
        ("default", "must be undefined to be structural"),
        ("title", "must be empty to be structural"),
        ("description", "must be empty to be structural"),
        ("nullable", "must be false to be structural"),
        ("x-kubernetes-preserve-unknown-fields", "must be false to be structural"),
        ("x-kubernetes-embedded-resource", "must be false to be structural"),
        ("x-kubernetes-int-or-string", "must be false to be structural"),
        ("x-kubernetes-list-map-keys", "must be empty to be structural"),
        ("x-kubernetes-list-type", "must be undefined to be structural"),
        ("x-kubernetes-map-type", "must be undefined to be structural"),
        ("x-kubernetes-validations", "must be empty to be structural"),
    ];

    public static void Validate(JsonObject schema, string path, ErrorList errors)
    {
        Node(schema, path, Level.Root, errors);
        Complete(schema, schema, path, path, errors);
    }

    enum Level
    {
        Root,
        Item,
        Field,
    }

    static bool Flag(JsonObject schema, string name) => schema[name]?.GetValueKind() == JsonValueKind.True;

    static string Type(JsonObject schema) => schema["type"] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    static IEnumerable<KeyValuePair<string, JsonObject>> Properties(JsonObject schema) =>
        from member in schema["properties"] as JsonObject ?? []
        where member.Value is JsonObject
        select KeyValuePair.Create(member.Key, (JsonObject)member.Value!);

    static void Node(JsonObject schema, string path, Level level, ErrorList errors)
    {
        if (Type(schema) == "array" && schema["items"] is null)
            errors.Required($"{path}.items", "must be specified");
        if (schema["items"] is JsonObject items)
            Node(items, $"{path}.items", Level.Item, errors);
        foreach (var (name, property) in Properties(schema))
            Node(property, $"{path}.properties[{name}]", Level.Field, errors);
        if (schema.ContainsKey("additionalProperties") && level == Level.Root)
            errors.Forbidden($"{path}.additionalProperties", "must not be used at the root");
        if (schema["additionalProperties"] is JsonObject values)
            Node(values, $"{path}.additionalProperties", Level.Field, errors);
        Extensions(schema, path, errors);
        Nested(schema, path, isOutermost: true, errors);
        TypeOf(schema, path, level, errors);
        Metadata(schema, path, level, errors);
    }

    static void Extensions(JsonObject schema, string path, ErrorList errors)
    {
        if (!Flag(schema, "x-kubernetes-int-or-string"))
            return;
        foreach (var other in (ReadOnlySpan<string>)["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"])
        {
            if (Flag(schema, other))
                errors.Invalid($"{path}.{other}", true, "must be false if x-kubernetes-int-or-string is true");
        }
    }

    static void TypeOf(JsonObject schema, string path, Level level, ErrorList errors)
    {
        var type = Type(schema);
        const string Embedded = "must be object if x-kubernetes-embedded-resource is true";
        if (Flag(schema, "x-kubernetes-embedded-resource") && type != "object")
        {
            if (type.Length == 0)
                errors.Required($"{path}.type", Embedded);
            else
                errors.Invalid($"{path}.type", type, Embedded);
        }
        else if (type.Length == 0 && !Flag(schema, "x-kubernetes-int-or-string") && !Flag(schema, "x-kubernetes-preserve-unknown-fields"))
            errors.Required($"{path}.type", level switch
            {
                Level.Root => "must not be empty at the root",
                Level.Item => "must not be empty for specified array items",
                _ => "must not be empty for specified object fields",
            });
        if (Flag(schema, "x-kubernetes-embedded-resource") && schema.ContainsKey("additionalProperties"))
            errors.Forbidden($"{path}.additionalProperties", "must not be used if x-kubernetes-embedded-resource is set");
        if (level == Level.Root && type.Length > 0 && type != "object")
            errors.Invalid($"{path}.type", type, "must be object at the root");
        if (Flag(schema, "x-kubernetes-embedded-resource") && !Flag(schema, "x-kubernetes-preserve-unknown-fields") && !Properties(schema).Any())
            errors.Required($"{path}.properties", "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields");
    }

    static void Metadata(JsonObject schema, string path, Level level, ErrorList errors)
    {
        if (level != Level.Root && !Flag(schema, "x-kubernetes-embedded-resource"))
            return;
        foreach (var (name, property) in Properties(schema))
        {
            var at = $"{path}.properties[{name}]";
            if (name is "kind" or "apiVersion" && Type(property) != "string")
                errors.Invalid($"{at}.type", Type(property), "must be string");
            if (name != "metadata")
                continue;
            if (Type(property) != "object")
                errors.Invalid($"{at}.type", Type(property), "must be object");
            if (level == Level.Root && !IsPlainMetadata(property))
                errors.Forbidden(at, "must not specify anything other than name and generateName, but metadata is implicitly specified");
        }
    }

    static bool IsPlainMetadata(JsonObject metadata) =>
        metadata.All(member => member.Key is "type" or "default" or "properties") && Properties(metadata).All(p => p.Key is "name" or "generateName");

    /// <param name="schema">A node, or a part that is nested in one.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="isOutermost">Whether it is the node itself, where int-or-string may be spelled out in anyOf.</param>
    /// <param name="errors">Where to say so.</param>
    static void Nested(JsonObject schema, string path, bool isOutermost, ErrorList errors)
    {
        foreach (var junctor in Junctors)
        {
            var parts = schema[junctor] as JsonArray ?? [];
            if (junctor == "anyOf" && isOutermost && IsIntOrString(parts))
                continue;
            for (var i = 0; i < parts.Count; i++)
            {
                if (parts[i] is JsonObject part)
                    Inside(part, $"{path}.{junctor}[{i}]", junctor == "allOf" && i == 0 && isOutermost, errors);
            }
        }
        if (schema["not"] is JsonObject not)
            Inside(not, $"{path}.not", mayBeIntOrString: false, errors);
        if (schema["pattern"]?.ToString() is { Length: > 0 } pattern)
            Pattern(pattern, path, errors);
    }

    static void Pattern(string pattern, string path, ErrorList errors)
    {
        try
        {
            Re2.Compile(pattern);
        }
        catch (FormatException e)
        {
            errors.Invalid($"{path}.pattern", pattern, $"must be a valid regular expression, but isn't: {e.Message}");
        }
    }

    static bool IsIntOrString(JsonArray parts) => parts.Count == 2
        && parts[0] is JsonObject { Count: 1 } first && Type(first) == "integer"
        && parts[1] is JsonObject { Count: 1 } second && Type(second) == "string";

    static void Inside(JsonObject part, string path, bool mayBeIntOrString, ErrorList errors)
    {
        Nested(part, path, mayBeIntOrString, errors);
        if (part["items"] is JsonObject items)
            Inside(items, $"{path}.items", mayBeIntOrString: false, errors);
        foreach (var (name, property) in Properties(part))
        {
            Inside(property, $"{path}.properties[{name}]", mayBeIntOrString: false, errors);
            if (name == "metadata")
                errors.Forbidden($"{path}.properties[metadata]", "must not be specified in a nested context");
        }
        foreach (var (name, rule) in ForbiddenInside)
        {
            if (part.ContainsKey(name) && part[name]?.GetValueKind() != JsonValueKind.False)
                errors.Forbidden($"{path}.{name}", rule);
        }
    }

    /// <summary>What a nested part speaks of must be declared outside.</summary>
    static void Complete(JsonObject part, JsonObject schema, string path, string partPath, ErrorList errors)
    {
        foreach (var junctor in Junctors)
        {
            var parts = part[junctor] as JsonArray ?? [];
            for (var i = 0; i < parts.Count; i++)
                CompletePart(parts[i] as JsonObject, schema, path, $"{partPath}.{junctor}[{i}]", errors);
        }
        CompletePart(part["not"] as JsonObject, schema, path, $"{partPath}.not", errors);
    }

    static void CompletePart(JsonObject? part, JsonObject? schema, string path, string partPath, ErrorList errors)
    {
        if (part is null)
            return;
        if (schema is null)
        {
            errors.Required(path, $"because it is defined in {partPath}");
            return;
        }
        Complete(part, schema, path, partPath, errors);
        CompletePart(part["items"] as JsonObject, schema["items"] as JsonObject, $"{path}.items", $"{partPath}.items", errors);
        foreach (var (name, property) in Properties(part))
            CompletePart(property, schema["properties"]?[name] as JsonObject, $"{path}.properties[{name}]", $"{partPath}.properties[{name}]", errors);
    }
}
