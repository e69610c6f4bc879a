using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Plugin.Conversion;

/// <summary>A manifest from which every field is taken once; what is left at the end was understood by nobody.</summary>
/// <param name="root">The manifest, or a part of it.</param>
/// <param name="place">Where the part is in it.</param>
internal sealed class Source(JsonObject root, string place = "")
{
    /// <summary>Removes a field and returns it; null when it is absent or null.</summary>
    public JsonNode? Take(params ReadOnlySpan<string> path)
    {
        if (Parent(path) is not { } parent || !parent.TryGetPropertyValue(path[^1], out var value))
            return null;
        parent.Remove(path[^1]);
        return value;
    }

    /// <summary>Text, or a number or flag as it would be written.</summary>
    public string? Text(params ReadOnlySpan<string> path) => Take(path) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var other => other.ToJsonString(),
    };

    /// <summary>A whole number, also when it was written as text.</summary>
    public long? Number(params ReadOnlySpan<string> path) => Text(path) is { } text && long.TryParse(text, out var number) ? number : null;

    public bool Has(params ReadOnlySpan<string> path) => Parent(path)?[path[^1]] is not null;

    /// <summary>The names of the members of an object.</summary>
    public IReadOnlyList<string> Members(params ReadOnlySpan<string> path) =>
        Parent(path)?[path[^1]] is JsonObject value ? [.. value.Select(static m => m.Key)] : [];

    /// <summary>Every value that was not taken, by its path; empty objects and lists say nothing.</summary>
    public IEnumerable<string> Left() => Left(root, place);

    static IEnumerable<string> Left(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(m => Left(m.Value, path.Length == 0 ? m.Key : $"{path}.{m.Key}")),
        JsonArray { Count: > 0 } => [path],
        JsonArray or null => [],
        _ => [path],
    };

    JsonObject? Parent(ReadOnlySpan<string> path)
    {
        var at = root;
        foreach (var part in path[..^1])
        {
            if (at[part] is not JsonObject inner)
                return null;
            at = inner;
        }

        return at;
    }
}
