using System.Collections.Immutable;

namespace Sluice.Contract;

/// <summary>
/// Buckets for latencies that are compared: each bound a hundredth above the one before, so that a p99 that is a tenth
/// longer is some buckets away. Too many for a metric, and most are empty: they are passed on by index.
/// </summary>
public static class LatencyBuckets
{
    public const double First = 2e-5;

    public const double Growth = 1.01;

    /// <summary>Upper bounds in seconds, 20 µs to 60 s; one more bucket holds what is above.</summary>
    public static ImmutableArray<double> Bounds { get; } =
        [.. Enumerable.Range(0, 1500).Select(static i => First * Math.Pow(Growth, i))];

    public static int Index(double seconds) =>
        seconds <= First ? 0 : Math.Min(Bounds.Length, (int)Math.Ceiling(Math.Log(seconds / First) / Math.Log(Growth)));
}
