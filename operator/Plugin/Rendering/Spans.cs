using System.Globalization;
using System.Text;

namespace Sluice.Plugin.Rendering;

/// <summary>Times and shares as people say them.</summary>
internal static class Spans
{
    /// <summary>The two largest units: <c>45s</c>, <c>5m</c>, <c>2h10m</c>, <c>3d4h</c>.</summary>
    public static string Of(TimeSpan span)
    {
        var s = span < TimeSpan.Zero ? TimeSpan.Zero : span;
        return s switch
        {
            { TotalSeconds: < 60 } => Invariant($"{(int)s.TotalSeconds}s"),
            { TotalMinutes: < 10, Seconds: > 0 } => Invariant($"{s.Minutes}m{s.Seconds}s"),
            { TotalHours: < 1 } => Invariant($"{s.Minutes}m"),
            { TotalDays: < 1, Minutes: > 0 } => Invariant($"{s.Hours}h{s.Minutes}m"),
            { TotalDays: < 1 } => Invariant($"{s.Hours}h"),
            { TotalDays: < 10, Hours: > 0 } => Invariant($"{s.Days}d{s.Hours}h"),
            _ => Invariant($"{s.Days}d"),
        };
    }

    public static string Ago(DateTimeOffset time, DateTimeOffset now) => $"{Of(now - time)} ago";

    public static string In(DateTimeOffset time, DateTimeOffset now) => time > now ? $"in {Of(time - now)}" : "now";

    /// <summary>To the second, in UTC, as the cluster writes it.</summary>
    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Percent(int? share) => share is { } percent ? Invariant($"{percent} %") : "?";

    /// <summary>Broken at spaces so that no line is longer than <paramref name="width"/>, where its words allow that.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        if (line.Length > 0)
            yield return line.ToString();
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
