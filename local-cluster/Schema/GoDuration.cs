using System.Globalization;

namespace Sluice.LocalCluster.Schema;

/// <summary>Durations as Go writes them, <c>1h30m</c>, <c>-1.5s</c>, <c>500ms</c>, in nanoseconds.</summary>
internal static class GoDuration
{
    static readonly (string Unit, decimal Nanoseconds)[] Units =
    [
        ("ns", 1m), ("us", 1_000m), ("µs", 1_000m), ("μs", 1_000m), ("ms", 1_000_000m),
        ("s", 1_000_000_000m), ("m", 60_000_000_000m), ("h", 3_600_000_000_000m),
    ];

    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        var rest = text.AsSpan();
        var negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
            rest = rest[1..];
        if (rest is "0")
            return true;
        if (rest.IsEmpty)
            return false;
        var total = 0m;
        while (!rest.IsEmpty)
        {
            if (!TakePart(ref rest, out var part))
                return false;
            total += part;
            if (total > long.MaxValue + (negative ? 1m : 0m))
                return false;
        }
        nanoseconds = (long)decimal.Truncate(negative ? -total : total);
        return true;
    }

    static bool TakePart(ref ReadOnlySpan<char> rest, out decimal nanoseconds)
    {
        nanoseconds = 0;
        var number = rest[..rest.Count(IsNumberPart)];
        var unitText = rest[number.Length..];
        unitText = unitText[..unitText.CountUnit()];
        rest = rest[(number.Length + unitText.Length)..];
        // 28 digits are what a decimal holds; more would overflow a duration anyway.
        if (number.Length > 28 || !number.ContainsAnyInRange('0', '9')
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return false;
        foreach (var (unit, scale) in Units)
        {
            if (unitText.SequenceEqual(unit))
            {
                nanoseconds = count > long.MaxValue ? decimal.MaxValue / 2 : decimal.Truncate(count * scale);
                return true;
            }
        }
        return false;
    }

    static bool IsNumberPart(char c) => c is (>= '0' and <= '9') or '.';

    static int Count(this ReadOnlySpan<char> text, Func<char, bool> belongs)
    {
        var length = 0;
        while (length < text.Length && belongs(text[length]))
            length++;
        return length;
    }

    static int CountUnit(this ReadOnlySpan<char> text) => text.Count(c => !IsNumberPart(c));

    /// <summary>The shortest writing, as Go prints it: <c>1h30m0s</c>, <c>1.5s</c>, <c>500ms</c>.</summary>
    public static string Format(long nanoseconds)
    {
        if (nanoseconds == 0)
            return "0s";
        var sign = nanoseconds < 0 ? "-" : "";
        var size = Math.Abs((decimal)nanoseconds);
        if (size < 1_000_000_000m)
        {
            var (scale, unit) = size < 1_000m ? (1m, "ns") : size < 1_000_000m ? (1_000m, "µs") : (1_000_000m, "ms");
            return $"{sign}{Number(size / scale)}{unit}";
        }
        var seconds = size / 1_000_000_000m;
        var hours = decimal.Truncate(seconds / 3600m);
        var minutes = decimal.Truncate((seconds - (hours * 3600m)) / 60m);
        var tail = $"{Number(seconds - (hours * 3600m) - (minutes * 60m))}s";
        return hours > 0 ? $"{sign}{hours}h{minutes}m{tail}" : minutes > 0 ? $"{sign}{minutes}m{tail}" : sign + tail;
    }

    static string Number(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);
}
