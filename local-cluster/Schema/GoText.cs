using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.LocalCluster.Schema;

/// <summary>Values written as Go writes them, because people read Kubernetes' messages in that hand.</summary>
internal static class GoText
{
    /// <summary>The value in an error: strings quoted, numbers plain, everything else as JSON.</summary>
    public static string Value(JsonNode? value) => JsonShape.TypeOf(value) switch
    {
        "string" => Quote(value!.GetValue<string>()),
        "integer" => JsonShape.Integer(value!).ToString(CultureInfo.InvariantCulture),
        "number" => Float(JsonShape.Number(value!)),
        "boolean" => value!.GetValue<bool>() ? "true" : "false",
        _ => Json(value),
    };

    /// <summary><c>%q</c>.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
            AppendQuoted(quoted, rune);
        return quoted.Append('"').ToString();
    }

    static void AppendQuoted(StringBuilder quoted, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': quoted.Append("\\\""); break;
            case '\\': quoted.Append(@"\\"); break;
            case '\a': quoted.Append(@"\a"); break;
            case '\b': quoted.Append(@"\b"); break;
            case '\f': quoted.Append(@"\f"); break;
            case '\n': quoted.Append(@"\n"); break;
            case '\r': quoted.Append(@"\r"); break;
            case '\t': quoted.Append(@"\t"); break;
            case '\v': quoted.Append(@"\v"); break;
            case < 0x20 or 0x7f: quoted.Append($@"\x{rune.Value:x2}"); break;
            default:
                if (rune.Value == ' ' || IsPrintable(rune))
                    quoted.Append(rune.ToString());
                else
                    quoted.Append(rune.Value > 0xffff ? $@"\U{rune.Value:x8}" : $@"\u{rune.Value:x4}");
                break;
        }
    }

    static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    /// <summary><c>%v</c> of a float: shortest digits, an exponent from 1e+06 on or below 1e-04.</summary>
    public static string Float(double value) => Digits(value, 6);

    /// <summary>Every digit, never an exponent.</summary>
    public static string FloatPlain(double value) => Digits(value, int.MaxValue, int.MinValue);

    static string Digits(double value, int exponentFrom, int exponentBelow = -4)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        var (digits, exponent, negative) = Decompose(value.ToString("R", CultureInfo.InvariantCulture));
        var sign = negative ? "-" : "";
        if (exponent < exponentBelow || exponent >= exponentFrom)
        {
            var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
            return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? sign + digits.PadRight(exponent + 1, '0')
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>Significant digits without trailing zeros, and the power of ten of the first of them.</summary>
    static (string Digits, int Exponent, bool Negative) Decompose(string text)
    {
        var negative = text[0] == '-';
        var body = negative ? text[1..] : text;
        var e = body.IndexOf('E', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(body[(e + 1)..], CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? body : body[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = all.Length - all.TrimStart('0').Length;
        var digits = all.Trim('0');
        return digits.Length == 0 ? ("0", 0, negative) : (digits, exponent + whole - 1 - leading, negative);
    }

    /// <summary><c>json.Marshal</c>: keys sorted, no spaces, and the characters of HTML escaped.</summary>
    public static string Json(JsonNode? value)
    {
        var text = new StringBuilder();
        AppendJson(text, value);
        return text.ToString();
    }

    static void AppendJson(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject obj:
                text.Append('{');
                AppendSeparated(text, obj.OrderBy(p => p.Key, StringComparer.Ordinal), p =>
                {
                    AppendJsonString(text, p.Key);
                    text.Append(':');
                    AppendJson(text, p.Value);
                });
                text.Append('}');
                break;
            case JsonArray array:
                text.Append('[');
                AppendSeparated(text, array, item => AppendJson(text, item));
                text.Append(']');
                break;
            case not null when value.GetValueKind() == JsonValueKind.String:
                AppendJsonString(text, value.GetValue<string>());
                break;
            default:
                text.Append(JsonShape.TypeOf(value) == "number" ? Digits(JsonShape.Number(value), 21, -6) : value.ToJsonString());
                break;
        }
    }

    static void AppendSeparated<T>(StringBuilder text, IEnumerable<T> items, Action<T> append)
    {
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                text.Append(',');
            first = false;
            append(item);
        }
    }

    static void AppendJsonString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                '\b' => text.Append(@"\b"),
                '\f' => text.Append(@"\f"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => text.Append($@"\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }
}
