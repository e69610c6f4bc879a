using System.Globalization;
using Sluice.Runtime.Models;

namespace Sluice.Runtime.Batching;

/// <summary>A run of so many rows, as it was measured.</summary>
/// <param name="Rows">In one run.</param>
/// <param name="Seconds">That the run took.</param>
internal readonly record struct MeasuredRun(int Rows, double Seconds);

/// <summary>How far requests to a model are joined.</summary>
/// <param name="MaxRows">Of one run.</param>
/// <param name="MostBytes">Of input that others may bring to a request's run: they then make it as much longer as is allowed.</param>
internal sealed record BatchPlan(int MaxRows, long MostBytes)
{
    /// <summary>Seconds; twice what handing requests over to one another costs.</summary>
    public const double LeastGain = 25e-6;

    /// <summary>Less of the time of a row than this is no gain: it may be chance, and each request waits for the whole run.</summary>
    public const double LeastShare = 0.1;

    /// <summary>The largest run that saves time for each of its rows, and lets none wait longer for the others than is allowed.</summary>
    /// <param name="runs">The first of one row, with more rows each.</param>
    /// <param name="rowBytes">Of input.</param>
    /// <param name="settings">The bounds.</param>
    /// <param name="obstacle">Why there is none.</param>
    /// <returns>Null when nothing would be gained.</returns>
    public static BatchPlan? Choose(IReadOnlyList<MeasuredRun> runs, long rowBytes, BatchSettings settings, out string obstacle)
    {
        obstacle = "two rows are too large to be tried, or one takes too long";
        var alone = runs[0].Seconds;
        MeasuredRun? best = null;
        foreach (var run in runs.Skip(1))
        {
            var (added, gain) = (run.Seconds - alone, alone - run.Seconds / run.Rows);
            if (added > settings.MaxLatency.TotalSeconds)
                obstacle = $"{run.Rows} rows together take {Text(added)} longer than one, and {Text(settings.MaxLatency.TotalSeconds)} are allowed";
            else if (gain < Math.Max(LeastGain, LeastShare * alone))
                obstacle = $"{run.Rows} rows together take {Text(run.Seconds)}, one takes {Text(alone)}: joining them gains too little";
            else
                best = run;
        }
        if (best is not { } chosen)
            return null;
        var perByte = Math.Max(0, chosen.Seconds - alone) / ((chosen.Rows - 1) * Math.Max(1, rowBytes));
        var most = perByte > 0 ? settings.MaxLatency.TotalSeconds / perByte : double.PositiveInfinity;
        return new BatchPlan(chosen.Rows, (long)Math.Min(ModelCall.Huge, most));
    }

    private static string Text(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.###} ms");
}
