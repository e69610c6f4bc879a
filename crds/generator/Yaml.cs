using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.Crds;

/// <summary>
/// JSON as YAML that people can review: block style, long sentences folded, quotes only where a reader of YAML would
/// otherwise see something else than the string. Deterministic.
/// </summary>
internal static partial class Yaml
{
    const int Width = 110;

    public static string Write(JsonObject document)
    {
        var text = new StringBuilder();
        Object(text, document, 0);
        return text.ToString();
    }

    static void Object(StringBuilder text, JsonObject obj, int indent)
    {
        foreach (var (name, value) in obj)
        {
            text.Append(' ', indent).Append(Scalar(name)).Append(':');
            Value(text, value, indent);
        }
    }

    static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } obj:
                text.Append('\n');
                Object(text, obj, indent + 2);
                break;
            case JsonArray { Count: > 0 } array:
                text.Append('\n');
                foreach (var item in array)
                    Item(text, item, indent);
                break;
            default:
                Leaf(text, value, indent);
                break;
        }
    }

    static void Item(StringBuilder text, JsonNode? item, int indent)
    {
        text.Append(' ', indent).Append('-');
        if (item is JsonObject { Count: > 0 } obj)
        {
            // The first member stands beside the dash, so it is written as the others and then moved up.
            var members = new StringBuilder();
            Object(members, obj, indent + 2);
            text.Append(' ').Append(members, indent + 2, members.Length - indent - 2);
        }
        else
            Value(text, item, indent);
    }

    static void Leaf(StringBuilder text, JsonNode? value, int indent)
    {
        var isText = value?.GetValueKind() == JsonValueKind.String;
        if (isText && value!.GetValue<string>() is { Length: > Width - 20 } sentence && CanFold(sentence))
            Fold(text, sentence, indent + 2);
        else
            text.Append(' ').Append(isText ? Scalar(value!.GetValue<string>()) : value?.ToJsonString() ?? "null").Append('\n');
    }

    /// <summary>Folding turns every line break into one space, so only single spaces may be broken at.</summary>
    static bool CanFold(string sentence) =>
        !sentence.StartsWith(' ') && !sentence.EndsWith(' ')
        && !sentence.Contains("  ", StringComparison.Ordinal) && !sentence.Contains('\n', StringComparison.Ordinal);

    static void Fold(StringBuilder text, string sentence, int indent)
    {
        text.Append(" >-");
        var column = Width;
        foreach (var word in sentence.Split(' '))
        {
            if (column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', indent);
                column = indent;
            }
            else
            {
                text.Append(' ');
                column++;
            }
            text.Append(word);
            column += word.Length;
        }
        text.Append('\n');
    }

    static string Scalar(string value)
    {
        if (PlainSafe().IsMatch(value) && !LooksLikeAnotherType().IsMatch(value) && !value.Contains(": ", StringComparison.Ordinal)
            && !value.Contains(" #", StringComparison.Ordinal))
            return value;
        return value.Any(char.IsControl) ? JsonValue.Create(value).ToJsonString() : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    [GeneratedRegex(@"^[A-Za-z0-9/._$^(+][^\p{C}]*(?<![\s:])\z")]
    private static partial Regex PlainSafe();

    [GeneratedRegex(@"^(?:[-+.]?[0-9][0-9_.,:eExXoO+\-a-fA-F]*|true|false|yes|no|on|off|null|y|n|\.inf|\.nan|~)\z", RegexOptions.IgnoreCase)]
    private static partial Regex LooksLikeAnotherType();
}
