using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Api.Json;

/// <summary>Reading and changing JSON trees by member names; what is absent or of another type reads as null.</summary>
internal static class Tree
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (node is not JsonObject members || !members.TryGetPropertyValue(name, out node))
                return null;
        }

        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static long? Integer(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path).AsInteger();

    public static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    public static JsonObject? Object(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    public static JsonArray? Array(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonArray;

    /// <summary>The objects of an array; other elements are left out.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.OfType<JsonObject>() ?? [];

    public static IEnumerable<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        ((node.At(path) as JsonArray) ?? []).Select(item => item.AsText()).OfType<string>();

    public static long? AsInteger(this JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<long>(out var integer) => integer,
        JsonValue value when value.TryGetValue<int>(out var small) => small,
        JsonValue value when value.TryGetValue<double>(out var real) && Math.Abs(real) < 1e15 && Math.Floor(real) == real => (long)real,
        _ => null,
    };

    public static string? AsText(this JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool IsScalar(this JsonNode? node) => node is JsonValue;

    public static JsonValueKind Kind(this JsonNode? node) => node?.GetValueKind() ?? JsonValueKind.Null;

    public static JsonObject Copy(this JsonObject obj) => (JsonObject)obj.DeepClone();

    /// <summary>The object at a member, made when it is absent or null.</summary>
    public static JsonObject Ensure(this JsonObject obj, string name)
    {
        if (obj[name] is JsonObject present)
            return present;
        var made = new JsonObject();
        obj[name] = made;
        return made;
    }

    /// <summary>Sets a member that is absent or null.</summary>
    public static void SetDefault(this JsonObject obj, string name, Func<JsonNode> value)
    {
        if (obj[name] is null)
            obj[name] = value();
    }

    public static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);

    /// <summary>A map of strings as a dictionary.</summary>
    public static Dictionary<string, string> Strings(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node.At(path) is not JsonObject members)
            return strings;
        foreach (var (name, value) in members)
        {
            if (value.AsText() is { } text)
                strings[name] = text;
        }

        return strings;
    }
}
