using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Sluice.LocalCluster.Schema;

/// <summary>The string formats that custom resource schemas know; any other format is no constraint.</summary>
internal static partial class Formats
{
    static readonly Dictionary<string, Func<string, bool>> Known = new(StringComparer.Ordinal)
    {
        ["bsonobjectid"] = text => BsonId().IsMatch(text),
        ["byte"] = text => Base64().IsMatch(text),
        ["cidr"] = IsCidr,
        ["creditcard"] = text => IsCardNumber(NotDigits().Replace(text, "")),
        ["date"] = IsDate,
        ["datetime"] = IsDateTime,
        ["duration"] = IsDuration,
        ["email"] = text => Email().IsMatch(text),
        ["hexcolor"] = text => HexColor().IsMatch(text),
        ["hostname"] = text => text.Length <= 255 && Hostname().IsMatch(text) && text.Split('.').All(p => p.Length <= 63),
        ["ipv4"] = text => text.Contains('.', StringComparison.Ordinal) && IsAddress(text),
        ["ipv6"] = text => text.Contains(':', StringComparison.Ordinal) && IsAddress(text),
        ["isbn"] = text => IsIsbn10(text) || IsIsbn13(text),
        ["isbn10"] = IsIsbn10,
        ["isbn13"] = IsIsbn13,
        ["k8slongname"] = text => text.Length <= 253 && text.Split('.').All(part => ShortName().IsMatch(part)),
        ["k8sshortname"] = text => text.Length <= 63 && ShortName().IsMatch(text),
        ["mac"] = text => Mac().IsMatch(text),
        ["password"] = _ => true,
        ["rgbcolor"] = text => RgbColor().IsMatch(text),
        ["ssn"] = text => text.Length == 11 && SocialSecurity().IsMatch(text),
        ["uri"] = IsRequestUri,
        ["uuid"] = text => Uuid().IsMatch(text),
        ["uuid3"] = text => Uuid3().IsMatch(text),
        ["uuid4"] = text => Uuid4().IsMatch(text),
        ["uuid5"] = text => Uuid5().IsMatch(text),
    };

    /// <summary>The format as a constraint on values of the type, or empty where it is none.</summary>
    public static string Effective(string format, string type) => type switch
    {
        "" or "string" => Known.ContainsKey(Normal(format)) ? format : "",
        "integer" => format is "int32" or "int64" ? format : "",
        "number" => format is "float" or "double" ? format : "",
        _ => "",
    };

    /// <param name="format">One that <see cref="Effective"/> let through for strings.</param>
    /// <param name="text">The value.</param>
    public static bool Matches(string format, string text) => !Known.TryGetValue(Normal(format), out var check) || check(text);

    static string Normal(string format) => format.Replace("-", "", StringComparison.Ordinal);

    public static bool IsDate(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    static bool IsDateTime(string text)
    {
        var parts = text.ToLowerInvariant().Split('t');
        return parts.Length >= 2 && IsDate(parts[0]) && TimeOfDay().Match(parts[1]) is { Success: true } time
            && string.CompareOrdinal(time.Groups[1].Value, "23") <= 0
            && string.CompareOrdinal(time.Groups[2].Value, "59") <= 0
            && string.CompareOrdinal(time.Groups[3].Value, "59") <= 0;
    }

    /// <summary>Go's durations, or anything that holds a number with a unit of time in words.</summary>
    static bool IsDuration(string text) =>
        GoDuration.TryParse(text, out _)
        || WordyDuration().Matches(text).Any(match => IsTimeUnit(match.Groups[2].Value.ToLowerInvariant()));

    static bool IsTimeUnit(string unit) =>
        unit is "ns" or "us" or "µs" or "ms" or "s" or "m" or "h" or "hr" or "d" or "w" or "wk"
        || LongUnits.Any(word => unit.StartsWith(word, StringComparison.Ordinal));

    static readonly string[] LongUnits = ["nano", "micro", "milli", "sec", "min", "hour", "day", "week"];

    static bool IsAddress(string text) => !text.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(c => c == '.') == 3);

    static bool IsCidr(string text) =>
        text.Split('/') is [var address, var bits] && IsAddress(address)
        && int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && length <= (address.Contains(':', StringComparison.Ordinal) ? 128 : 32);

    static bool IsRequestUri(string text)
    {
        if (text.Length == 0 || text.Any(c => c is < ' ' or '\x7f') || BadEscape().IsMatch(text))
            return false;
        if (text[0] == '/' || text == "*")
            return true;
        var scheme = Scheme().Match(text);
        return scheme.Success && !(text[scheme.Length..].StartsWith("//", StringComparison.Ordinal)
            && text[(scheme.Length + 2)..].Split('/')[0].Contains(' ', StringComparison.Ordinal));
    }

    static bool IsIsbn10(string text)
    {
        var digits = SpacesAndDashes().Replace(text, "");
        return Isbn10().IsMatch(digits)
            && digits.Select((c, i) => (c == 'X' ? 10 : c - '0') * (i + 1)).Sum() % 11 == 0;
    }

    static bool IsIsbn13(string text)
    {
        var digits = SpacesAndDashes().Replace(text, "");
        return Isbn13().IsMatch(digits)
            && digits.Select((c, i) => (c - '0') * (i % 2 == 0 ? 1 : 3)).Sum() % 10 == 0;
    }

    static bool IsCardNumber(string digits) => CardNumber().IsMatch(digits)
        && digits.Reverse().Select((c, i) => i % 2 == 0 ? c - '0' : ((c - '0') * 2 / 10) + ((c - '0') * 2 % 10)).Sum() % 10 == 0;

    [GeneratedRegex(@"^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"([0-9]+)\s*([A-Za-zµ]+)")]
    private static partial Regex WordyDuration();

    [GeneratedRegex(@"^[0-9a-fA-F]{24}\z")]
    private static partial Regex BsonId();

    [GeneratedRegex(@"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})\z")]
    private static partial Regex Base64();

    [GeneratedRegex(@"^(?:[^<>@]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)\z")]
    private static partial Regex Email();

    [GeneratedRegex(@"^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})\z")]
    private static partial Regex HexColor();

    [GeneratedRegex(@"^(?:[a-zA-Z0-9\p{S}\p{L}](?:-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?|(?:[a-zA-Z0-9\p{S}\p{L}](?:[a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?\.)+[a-zA-Z\p{L}]{2,63})\z")]
    private static partial Regex Hostname();

    [GeneratedRegex(@"^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex ShortName();

    [GeneratedRegex(@"^(?:[0-9a-fA-F]{2}(?<s>[:-])(?:[0-9a-fA-F]{2}\k<s>){4}(?:[0-9a-fA-F]{2}\k<s>[0-9a-fA-F]{2}\k<s>)?[0-9a-fA-F]{2}|[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4})?)\z")]
    private static partial Regex Mac();

    [GeneratedRegex(@"^rgb\(\s*(?:0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])\s*(?:,\s*(?:0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])\s*){2}\)\z")]
    private static partial Regex RgbColor();

    [GeneratedRegex(@"^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\z")]
    private static partial Regex SocialSecurity();

    [GeneratedRegex(@"^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\z", RegexOptions.IgnoreCase)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}\z", RegexOptions.IgnoreCase)]
    private static partial Regex Uuid3();

    [GeneratedRegex(@"^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}\z", RegexOptions.IgnoreCase)]
    private static partial Regex Uuid4();

    [GeneratedRegex(@"^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}\z", RegexOptions.IgnoreCase)]
    private static partial Regex Uuid5();

    [GeneratedRegex("[^0-9]+")]
    private static partial Regex NotDigits();

    [GeneratedRegex(@"[\s-]+")]
    private static partial Regex SpacesAndDashes();

    [GeneratedRegex(@"^(?:[0-9]{9}X|[0-9]{10})\z")]
    private static partial Regex Isbn10();

    [GeneratedRegex(@"^[0-9]{13}\z")]
    private static partial Regex Isbn13();

    [GeneratedRegex(@"^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35[0-9]{3})[0-9]{11})\z")]
    private static partial Regex CardNumber();

    [GeneratedRegex("%(?![0-9a-fA-F]{2})")]
    private static partial Regex BadEscape();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.\-]*:")]
    private static partial Regex Scheme();
}
