using Sluice.LocalCluster.Api.Types;

namespace Sluice.LocalCluster.Api.Tables;

/// <summary>Durations as kubectl shows ages: two units at most, fewer as they grow.</summary>
internal static class Ages
{
    public const string Unknown = "<unknown>";

    public static string Since(string? instant, DateTimeOffset now) =>
        Scalars.ParseInstant(instant) is { } time ? Show(now - time) : Unknown;

    public static string Show(TimeSpan age)
    {
        var seconds = (long)Math.Floor(age.TotalSeconds);
        if (seconds < -1)
            return "<invalid>";
        if (seconds < 0)
            return "0s";
        var (minutes, hours) = (seconds / 60, seconds / 3600);
        return seconds switch
        {
            < 120 => $"{seconds}s",
            < 600 => Two(minutes, "m", seconds % 60, "s"),
            < 3 * 3600 => $"{minutes}m",
            < 8 * 3600 => Two(hours, "h", minutes % 60, "m"),
            < 48 * 3600 => $"{hours}h",
            < 192 * 3600 => Two(hours / 24, "d", hours % 24, "h"),
            < 2 * 365 * 24 * 3600 => $"{hours / 24}d",
            < 8L * 365 * 24 * 3600 => Two(hours / 24 / 365, "y", hours / 24 % 365, "d"),
            _ => $"{hours / 24 / 365}y",
        };
    }

    static string Two(long large, string unit, long small, string smallUnit) =>
        small == 0 ? $"{large}{unit}" : $"{large}{unit}{small}{smallUnit}";
}
