using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Kubernetes.Json;

/// <summary>JSON as YAML that a person likes to read and a diff likes to compare.</summary>
public static partial class YamlText
{
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    static void Write(StringBuilder text, JsonElement value, int indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                foreach (var member in value.EnumerateObject())
                {
                    text.Append(' ', indent).Append(Scalar(member.Name)).Append(':');
                    Child(text, member.Value, indent + 2);
                }

                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                foreach (var item in value.EnumerateArray())
                {
                    var inner = new StringBuilder();
                    Write(inner, item, indent + 2);
                    text.Append(' ', indent).Append("- ").Append(inner.ToString().AsSpan(IsBlock(item) ? indent + 2 : 0));
                }

                break;
            default:
                text.Append(Scalar(value)).Append('\n');
                break;
        }
    }

    static void Child(StringBuilder text, JsonElement value, int indent)
    {
        text.Append(IsBlock(value) ? '\n' : ' ');
        Write(text, value, indent);
    }

    static bool IsBlock(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => false,
    };

    static string Scalar(JsonElement value) => value.ValueKind == JsonValueKind.String ? Scalar(value.GetString()!) : value.GetRawText();

    static string Scalar(string text) => Plain().IsMatch(text) && !Ambiguous().IsMatch(text)
        ? text : $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    [GeneratedRegex(@"^[A-Za-z/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$")]
    private static partial Regex Plain();

    [GeneratedRegex("^(true|false|null|yes|no|on|off|y|n)$", RegexOptions.IgnoreCase)]
    private static partial Regex Ambiguous();
}
