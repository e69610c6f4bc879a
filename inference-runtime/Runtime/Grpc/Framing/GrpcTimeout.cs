namespace Sluice.Runtime.Grpc.Framing;

/// <summary>
/// The header grpc-timeout: up to eight digits and a unit (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md).
/// </summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>The longest that a timer takes; a deadline beyond it is none.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <returns>False when the text is not a timeout.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1)
            return false;
        long value = 0;
        foreach (var digit in text[..^1])
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            value = value * 10 + (digit - '0');
        }
        var ticks = text[^1] switch
        {
            'H' => value * TimeSpan.TicksPerHour,
            'M' => value * TimeSpan.TicksPerMinute,
            'S' => value * TimeSpan.TicksPerSecond,
            'm' => value * TimeSpan.TicksPerMillisecond,
            'u' => value * TimeSpan.TicksPerMicrosecond,
            // Rounded up, so that a short timeout does not become one that is over.
            'n' => (value + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick,
            _ => -1,
        };
        if (ticks < 0)
            return false;
        timeout = TimeSpan.FromTicks(Math.Min(ticks, Longest.Ticks));
        return true;
    }

    /// <summary>The header's text, at most one of its units less.</summary>
    public static string Write(TimeSpan timeout)
    {
        var microseconds = (long)timeout.TotalMicroseconds;
        return microseconds < 100_000_000
            ? $"{Math.Max(1, microseconds)}u"
            : $"{Math.Min(99_999_999, microseconds / 1000)}m";
    }
}
