namespace Sluice.Rollouts.Evidence;

/// <summary>Numbers as people read them.</summary>
internal static class Text
{
    public static string Percent(double share) => double.IsFinite(share) ? $"{share * 100:0.###} %" : "unknown";

    public static string Percent(Interval interval) => $"{interval.Lower * 100:0.##} to {interval.Upper * 100:0.##} %";

    public static string Points(Interval interval) => $"{interval.Lower * 100:0.##} to {interval.Upper * 100:0.##} points";

    public static string Time(double seconds) => seconds switch
    {
        double.PositiveInfinity => "no known bound",
        < 0.01 => $"{seconds * 1000:0.##} ms",
        < 1 => $"{seconds * 1000:0} ms",
        _ => $"{seconds:0.##} s",
    };

    public static string Of(TimeSpan time) => time switch
    {
        { TotalMinutes: >= 1 } => $"{time.TotalMinutes:0.#} minutes",
        _ => $"{time.TotalSeconds:0.#} seconds",
    };
}
