using System.Collections.Immutable;
using Sluice.Monitoring.Drift;
using Sluice.Monitoring.Profiles;

namespace Sluice.Operator.Monitoring;

/// <summary>
/// The windows that the pods of one revision closed last, taken together: with one baseline, as if one pod had answered
/// all their rows. Each window that is closed makes another comparison, so that the false alarms of a window stay those
/// that were set.
/// </summary>
/// <param name="Rows">Of all windows.</param>
/// <param name="Pods">That closed them.</param>
/// <param name="Start">Of the earliest.</param>
/// <param name="End">Of the latest.</param>
/// <param name="Report">Against the baseline; where pods learnt baselines of their own, of each score the one that is the furthest beyond its limit.</param>
/// <param name="Profiles">One for each baseline.</param>
internal sealed record MergedWindow(
    long Rows, int Pods, DateTimeOffset Start, DateTimeOffset End, DriftReport Report, ImmutableArray<(Baseline Baseline, Profile Window)> Profiles)
{
    /// <summary>Null while no pod has closed a window.</summary>
    /// <exception cref="FormatException">A window makes no sense.</exception>
    /// <exception cref="ArgumentException">A window was recorded for another baseline than its pod's.</exception>
    public static MergedWindow? Of(IEnumerable<PodMonitor> pods)
    {
        var closed = pods.Where(static p => p is { Document.Closed.End: not null, Baseline: not null })
            .Select(static p => (Baseline: p.Baseline!, Window: p.Document.Closed!)).ToArray();
        if (closed.Length == 0)
            return null;
        // A pod without requests keeps its last window, which tells nothing of what the others see now.
        var latest = closed.MaxBy(static c => c.Window.End).Window;
        var windows = closed.Where(c => c.Window.End > latest.Start || c.Window == latest).ToArray();
        ImmutableArray<(Baseline Baseline, Profile Window)> merged =
        [
            .. windows.GroupBy(static w => w.Baseline, static w => w.Window)
                .Select(static g => (g.Key, g.Select(static w => w.Profile.ToProfile()).Aggregate(static (all, next) => all.Merge(next)))),
        ];
        return new MergedWindow(
            merged.Sum(static m => m.Window.Rows), windows.Length, windows.Min(static w => w.Window.Start), latest.End!.Value,
            Worst([.. merged.Select(static m => m.Baseline.Compare(m.Window))]), merged);
    }

    static DriftReport Worst(ImmutableArray<DriftReport> reports) => reports is [var only] ? only : new DriftReport(
        reports.Sum(static r => r.Rows),
        Worst(reports.SelectMany(static r => r.Features)),
        Worst(reports.SelectMany(static r => r.Predictions)),
        reports.Max(static r => r.DriftedShare),
        reports.Any(static r => r.IsDataSetDrifted));

    static ImmutableArray<DriftScore> Worst(IEnumerable<DriftScore> scores) =>
        [.. scores.GroupBy(static s => (s.Feature, s.Method)).Select(static g => g.MaxBy(static s => s.Score / s.Threshold)!)];
}
