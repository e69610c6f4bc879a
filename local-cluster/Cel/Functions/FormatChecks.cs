using System.Text.RegularExpressions;
using Sluice.LocalCluster.Cel.Typing;
using Sluice.LocalCluster.Cel.Values;
using Sluice.LocalCluster.Schema;

namespace Sluice.LocalCluster.Cel.Functions;

/// <summary><c>format.dns1123Label().validate(x)</c>: none when the text is well-formed, else what is wrong with it.</summary>
internal static partial class FormatChecks
{
    static readonly CelType Format = new(CelKind.Opaque, "kubernetes.NamedFormat");

    static readonly Dictionary<string, Func<string, IEnumerable<string>>> Checks = new(StringComparer.Ordinal)
    {
        ["dns1123Label"] = text => Name(text, Label(), LabelRule, 63),
        ["dns1123LabelPrefix"] = text => Name(Unprefixed(text), Label(), LabelRule, 63),
        ["dns1123Subdomain"] = text => Name(text, Subdomain(), SubdomainRule, 253),
        ["dns1123SubdomainPrefix"] = text => Name(Unprefixed(text), Subdomain(), SubdomainRule, 253),
        ["dns1035Label"] = text => Name(text, Label1035(), Label1035Rule, 63),
        ["dns1035LabelPrefix"] = text => Name(Unprefixed(text), Label1035(), Label1035Rule, 63),
        ["labelValue"] = text => Name(text, LabelValue(), LabelValueRule, 63),
        ["uri"] = text => Known("uri", text, $"parse {GoText.Quote(text)}: invalid URI for request"),
        ["uuid"] = text => Known("uuid", text, "does not match the UUID format"),
        ["byte"] = text => Known("byte", text, "invalid base64"),
        ["date"] = text => Known("date", text, "invalid date"),
        ["datetime"] = text => Known("date-time", text, "invalid datetime"),
    };

    public static IEnumerable<Overload> All =>
    [
        .. Checks.Select(check => Overload.Function($"format.{check.Key}", Format, [], _ => new NamedFormat(check.Value))),
        Overload.Function("format.named", CelType.Optional(Format), [CelType.String], v =>
            Checks.TryGetValue((string)v[0]!, out var check) ? CelOptional.Of(new NamedFormat(check)) : CelOptional.None),
        Overload.Method("validate", CelType.Optional(CelType.List(CelType.String)), [Format, CelType.String], v =>
            ((NamedFormat)v[0]!).Check((string)v[1]!).ToArray() is { Length: > 0 } wrong
                ? CelOptional.Of(new MadeList(wrong))
                : CelOptional.None),
    ];

    const string LabelRule = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
        + "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    const string SubdomainRule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end "
        + "with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + @"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    const string Label1035Rule = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end "
        + "with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    const string LabelValueRule = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with "
        + "an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    static IEnumerable<string> Name(string text, Regex pattern, string rule, int limit)
    {
        if (text.Length > limit)
            yield return $"must be no more than {limit} bytes";
        if (!pattern.IsMatch(text))
            yield return rule;
    }

    static IEnumerable<string> Known(string format, string text, string wrong) => Formats.Matches(format, text) ? [] : [wrong];

    /// <summary>A prefix may end in a dash, because something follows it.</summary>
    static string Unprefixed(string text) => text.EndsWith('-') ? text[..^1] + "a" : text;

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label1035();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelValue();
}

/// <summary>A format as a value.</summary>
internal sealed record NamedFormat(Func<string, IEnumerable<string>> Check);
