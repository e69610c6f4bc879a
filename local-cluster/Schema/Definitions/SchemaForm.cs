using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema.Definitions;

/// <summary>What each node of a schema may say, and how its members go together.</summary>
internal sealed class SchemaForm
{
    static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];
    static readonly string[] Reasons = [FieldErrorType.Duplicate, FieldErrorType.Forbidden, FieldErrorType.Invalid, FieldErrorType.Required];

    static readonly string[] Unsupported = ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];

    readonly ErrorList errors;

    SchemaForm(ErrorList errors) => this.errors = errors;

    public static void Validate(JsonObject schema, string path, ErrorList errors) => new SchemaForm(errors).Node(schema, path, isRoot: true, null);

    static string Text(JsonObject schema, string name) =>
        schema[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    static bool Flag(JsonObject schema, string name) => schema[name]?.GetValueKind() == JsonValueKind.True;

    static JsonArray List(JsonObject schema, string name) => schema[name] as JsonArray ?? [];

    /// <param name="schema">The node.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="isRoot">Whether it is the object's own.</param>
    /// <param name="noDefaults">Why defaults are not allowed here; null where they are.</param>
    void Node(JsonObject schema, string path, bool isRoot, string? noDefaults)
    {
        Form(schema, path, noDefaults);
        Children(schema, path, isRoot, noDefaults);
        MapType(schema, path);
        ListType(schema, path);
        Rules(schema, path);
    }

    void Form(JsonObject schema, string path, string? noDefaults)
    {
        var type = Text(schema, "type");
        if (type.Length > 0 && !Types.Contains(type))
            errors.NotSupported($"{path}.type", type, Types);
        if (type == "null")
            errors.Forbidden($"{path}.type", "type cannot be set to null, use nullable as an alternative");
        if (noDefaults is not null && schema.ContainsKey("default"))
            errors.Forbidden($"{path}.default", $"must not be set {noDefaults}".TrimEnd());
        foreach (var name in Unsupported)
        {
            if (schema.ContainsKey(name))
                errors.Forbidden($"{path}.{name}", $"{name} is not supported");
        }
        if (schema["items"] is JsonArray)
            errors.Forbidden($"{path}.items", "items must be a schema object and not an array");
        if (Flag(schema, "uniqueItems"))
            errors.Forbidden($"{path}.uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        if (schema["x-kubernetes-preserve-unknown-fields"]?.GetValueKind() == JsonValueKind.False)
            errors.Invalid($"{path}.x-kubernetes-preserve-unknown-fields", false, "must be true or undefined");
        var additional = schema["additionalProperties"];
        if (additional is JsonObject || additional?.GetValueKind() == JsonValueKind.False)
        {
            if (schema["properties"] is JsonObject { Count: > 0 })
                errors.Forbidden($"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive");
        }
    }

    void Children(JsonObject schema, string path, bool isRoot, string? noDefaults)
    {
        if (schema["additionalProperties"] is JsonObject values)
            Node(values, $"{path}.additionalProperties", false, noDefaults);
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            if (property is JsonObject member)
                Node(member, $"{path}.properties[{name}]", false,
                    isRoot && name is "metadata" or "kind" or "apiVersion" ? $"in top-level {name}" : noDefaults);
        }
        if (schema["items"] is JsonObject items)
            Node(items, $"{path}.items", false, noDefaults);
        foreach (var junctor in (ReadOnlySpan<string>)["allOf", "oneOf", "anyOf"])
        {
            var parts = List(schema, junctor);
            for (var i = 0; i < parts.Count; i++)
            {
                if (parts[i] is JsonObject part)
                    Node(part, $"{path}.{junctor}[{i}]", false, noDefaults);
            }
        }
        if (schema["not"] is JsonObject not)
            Node(not, $"{path}.not", false, noDefaults);
    }

    void MapType(JsonObject schema, string path)
    {
        var mapType = Text(schema, "x-kubernetes-map-type");
        if (mapType.Length == 0)
            return;
        OfType(schema, path, "object", "x-kubernetes-map-type");
        if (mapType is not ("atomic" or "granular"))
            errors.NotSupported($"{path}.x-kubernetes-map-type", mapType, ["atomic", "granular"]);
    }

    bool OfType(JsonObject schema, string path, string wanted, string because)
    {
        var type = Text(schema, "type");
        if (type == wanted)
            return true;
        if (type.Length == 0)
            errors.Required($"{path}.type", $"must be {wanted} if {because} is specified");
        else
            errors.Invalid($"{path}.type", type, $"must be {wanted} if {because} is specified");
        return false;
    }

    void ListType(JsonObject schema, string path)
    {
        var listType = Text(schema, "x-kubernetes-list-type");
        if (listType.Length > 0 && OfType(schema, path, "array", "x-kubernetes-list-type") && listType == "set")
            SetItems(schema, path);
        if (listType is not ("" or "atomic" or "set" or "map"))
            errors.NotSupported($"{path}.x-kubernetes-list-type", listType, ["atomic", "set", "map"]);
        if (List(schema, "x-kubernetes-list-map-keys").Count > 0 && listType != "map")
        {
            const string Rule = "must be map if x-kubernetes-list-map-keys is non-empty";
            if (listType.Length == 0)
                errors.Required($"{path}.x-kubernetes-list-type", Rule);
            else
                errors.Invalid($"{path}.x-kubernetes-list-type", listType, Rule);
        }
        if (listType == "map")
            MapList(schema, path);
        if (listType is "set" or "map" && schema["items"] is JsonObject items && Flag(items, "nullable"))
            errors.Forbidden($"{path}.items.nullable", $"cannot be nullable when x-kubernetes-list-type is {listType}");
    }

    void SetItems(JsonObject schema, string path)
    {
        if (schema["items"] is not JsonObject items)
            return;
        const string Rule = "must be atomic as item of a list with x-kubernetes-list-type=set";
        if (Text(items, "type") == "array" && Text(items, "x-kubernetes-list-type") is not ("" or "atomic"))
            errors.Invalid($"{path}.items.x-kubernetes-list-type", Text(items, "x-kubernetes-list-type"), Rule);
        if (Text(items, "type") == "object" && Text(items, "x-kubernetes-map-type") != "atomic")
            errors.Invalid($"{path}.items.x-kubernetes-map-type", items["x-kubernetes-list-type"]?.DeepClone(), Rule);
    }

    void MapList(JsonObject schema, string path)
    {
        var keys = List(schema, "x-kubernetes-list-map-keys");
        var at = $"{path}.x-kubernetes-list-map-keys";
        if (keys.Count == 0)
            errors.Required(at, "must not be empty if x-kubernetes-list-type is map");
        if (schema["items"] is not JsonObject items)
        {
            errors.Required($"{path}.items", "must have a schema if x-kubernetes-list-type is map");
            return;
        }
        if (Text(items, "type") != "object")
        {
            errors.Invalid($"{path}.items.type", Text(items, "type"), "must be object if parent array's x-kubernetes-list-type is map");
            return;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in keys.Select(key => key?.ToString() ?? ""))
        {
            if (items["properties"]?[key] is JsonObject property)
                MapKey(items, property, key, path);
            else
                errors.Invalid(at, keys.DeepClone(), "entries must all be names of item properties");
            if (!seen.Add(key))
                errors.Invalid(at, keys.DeepClone(), "must not contain duplicate entries");
        }
    }

    void MapKey(JsonObject items, JsonObject property, string key, string path)
    {
        var at = $"{path}.items.properties[{key}]";
        if (Text(property, "type") is "array" or "object")
            errors.Invalid($"{at}.type", Text(items, "type"), "must be a scalar type if parent array's x-kubernetes-list-type is map");
        if (!property.ContainsKey("default") && !List(items, "required").Any(name => name?.ToString() == key))
            errors.Required($"{at}.default", "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
        if (Flag(property, "nullable"))
            errors.Forbidden($"{at}.nullable", "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
    }

    void Rules(JsonObject schema, string path)
    {
        var rules = List(schema, "x-kubernetes-validations");
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i] is JsonObject rule)
                Rule(schema, rule, $"{path}.x-kubernetes-validations[{i}]");
        }
    }

    void Rule(JsonObject schema, JsonObject rule, string path)
    {
        var (text, message) = (Text(rule, "rule").Trim(), Text(rule, "message"));
        if (text.Length == 0)
            errors.Required($"{path}.rule", "rule is not specified");
        else if (message.Length > 0 && message.Trim().Length == 0)
            errors.Invalid($"{path}.message", message, "must be non-empty if specified");
        else if (HasLineBreaks(message.Trim()))
            errors.Invalid($"{path}.message", message, "must not contain line breaks");
        else if (HasLineBreaks(text) && message.Length == 0)
            errors.Required($"{path}.message", "message must be specified if rule contains line breaks");
        if (Text(rule, "messageExpression") is { Length: > 0 } expression && expression.Trim().Length == 0)
            errors.Required($"{path}.messageExpression", "messageExpression must be non-empty if specified");
        if (Text(rule, "reason") is { Length: > 0 } reason && !Reasons.Contains(reason))
            errors.NotSupported($"{path}.reason", reason, Reasons);
        if (Text(rule, "fieldPath") is { Length: > 0 } fieldPath)
            FieldPath(schema, fieldPath, $"{path}.fieldPath");
    }

    void FieldPath(JsonObject schema, string fieldPath, string path)
    {
        if (fieldPath.Trim().Length == 0)
            errors.Invalid(path, fieldPath, "must be non-empty if specified");
        if (HasLineBreaks(fieldPath))
            errors.Invalid(path, fieldPath, "must not contain line breaks");
        if (SchemaPath.Find(schema, fieldPath, allowBrackets: true, out _) is null)
            errors.Invalid(path, fieldPath, "must be a valid path");
    }

    static bool HasLineBreaks(string text) => text.AsSpan().ContainsAny('\n', '\r');
}
