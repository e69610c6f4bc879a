using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Kubernetes.Json;

/// <summary>Times as the API writes them.</summary>
public static partial class Rfc3339
{
    public static string Seconds(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Micros(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads zero to nine decimals; a tick is 100 ns, so the last two of nine are dropped.</summary>
    /// <exception cref="JsonException">The text is not an RFC 3339 time.</exception>
    public static DateTimeOffset Parse(string? text)
    {
        var match = Shape().Match(text ?? "");
        if (match.Success)
        {
            var decimals = match.Groups[2].Value;
            var ticks = decimals.Length > 7 ? decimals[..7] : decimals;
            var trimmed = match.Groups[1].Value + (ticks.Length > 0 ? "." + ticks : "") + match.Groups[3].Value;
            if (DateTimeOffset.TryParse(trimmed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return time.ToUniversalTime();
        }

        throw new JsonException($"'{text}' is not an RFC 3339 time such as 2026-01-31T12:00:00Z.");
    }

    [GeneratedRegex(@"^(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$")]
    private static partial Regex Shape();
}
