using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.Crds;

/// <summary>What the cells of a reference say of a schema.</summary>
internal static partial class ReferenceText
{
    /// <summary>The object whose fields have a section of their own: the field itself, or what its list or map holds.</summary>
    public static JsonObject? Members(JsonObject field) =>
        field["properties"] is not null ? field : Inner(field) is { } inner && inner["properties"] is not null ? inner : null;

    public static string Suffix(JsonObject field) => field["items"] is not null ? "[]" : field["additionalProperties"] is not null ? ".*" : "";

    /// <summary>A description as Markdown: nothing in it is a tag.</summary>
    public static string Plain(string text) => text.Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);

    public static string Code(JsonNode value) => $"`{(value is JsonValue v && v.TryGetValue<string>(out var text) ? text : value.ToJsonString())}`";

    public static IReadOnlyList<string> Messages(JsonObject schema) =>
        [.. (schema["x-kubernetes-validations"]?.AsArray() ?? []).Select(static r => Plain((string)r!["message"]!))];

    /// <summary>What the field means, and what its sentence on the default says.</summary>
    public static (string Meaning, string? Default) Split(string description)
    {
        var sentences = SentenceEnd().Split(description);
        var initial = sentences.FirstOrDefault(static s => s.StartsWith("Default", StringComparison.Ordinal));
        var meaning = Plain(string.Join(' ', sentences.Where(s => s != initial)));
        return (meaning, initial is null ? null : Plain(DefaultWord().Replace(initial, "").TrimEnd('.')));
    }

    /// <summary>The type with its limits; an object's is a link to its section.</summary>
    public static string Type(string path, string name, JsonObject field)
    {
        var section = $"{path}.{name}{Suffix(field)}";
        var limits = Limits(field).Concat(Inner(field) is { } inner ? Limits(inner).Select(static l => $"each {l}") : []);
        return string.Join(", ", limits.Prepend(Members(field) is null ? Word(field) : $"[{Word(field)}](#{Anchor(section)})"));
    }

    /// <summary>As GitHub makes anchors of headings.</summary>
    static string Anchor(string heading) => NotInAnchors().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    static JsonObject? Inner(JsonObject field) => (field["items"] ?? field["additionalProperties"]) as JsonObject;

    static string Word(JsonObject field)
    {
        if (field["x-kubernetes-int-or-string"] is not null)
            return field["pattern"] is null ? "integer or string" : "quantity";
        if (Inner(field) is { } inner)
            return field["items"] is not null ? $"list of {Word(inner)}" : $"map of {Word(inner)}";
        return (string?)field["pattern"] == Operator.Api.Duration.Pattern ? "duration"
            : (string?)field["format"] == "date-time" ? "time"
            : (string)field["type"]!;
    }

    static IEnumerable<string> Limits(JsonObject field)
    {
        if (field["enum"] is JsonArray values)
            yield return string.Join(", ", values.Select(static v => Code(v!)));
        if (Word(field) is "quantity" or "duration" or "integer or string")
            yield break;
        if (Range(field, "minimum", "maximum") is { } range)
            yield return range;
        if (Range(field, "minLength", "maxLength") is { } length)
            yield return $"{length} characters";
        if ((Range(field, "minItems", "maxItems") ?? Range(field, "minProperties", "maxProperties")) is { } count)
            yield return $"{count} of them";
        if (field["pattern"] is { } pattern)
            yield return Code(pattern);
        if (field["x-kubernetes-list-map-keys"] is JsonArray keys)
            yield return $"by {string.Join(", ", keys.Select(static k => Code(k!)))}";
        if ((string?)field["x-kubernetes-list-type"] == "set")
            yield return "none twice";
    }

    static string? Range(JsonObject field, string least, string most) => (Bound(field, least), Bound(field, most)) switch
    {
        (null, null) => null,
        ({ } from, null) => field["exclusiveMinimum"] is null ? $"at least {from}" : $"above {from}",
        (null, { } to) => field["exclusiveMaximum"] is null ? $"at most {to}" : $"below {to}",
        ({ } from, { } to) => field["exclusiveMinimum"] is null && field["exclusiveMaximum"] is null
            ? $"{from} to {to}"
            : $"{(field["exclusiveMinimum"] is null ? "at least" : "above")} {from} and {(field["exclusiveMaximum"] is null ? "at most" : "below")} {to}",
    };

    static string? Bound(JsonObject field, string name) =>
        field[name] is { } value ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture).ToString("0.######", CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"(?<=\.) (?=\p{Lu})")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex("^Default:? *")]
    private static partial Regex DefaultWord();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
