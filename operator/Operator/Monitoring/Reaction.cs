using Sluice.Operator.Api;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Monitoring;

/// <summary>When drift is to lead to something.</summary>
internal static class Reaction
{
    static readonly TimeSpan DefaultPeriod = TimeSpan.FromHours(24);

    /// <param name="service">Whose spec and status.</param>
    /// <param name="drift">The latest comparison; null when there is none.</param>
    /// <param name="last">What drift led to last.</param>
    /// <param name="now">The time of the pass.</param>
    /// <returns>A new one, or the last.</returns>
    public static ReactionStatus? Next(InferenceService service, DriftStatus? drift, ReactionStatus? last, DateTimeOffset now)
    {
        if (service.Spec.Predictor.Monitoring?.OnDrift is not { } wished || (wished.Url is null && wished.JobTemplate is null) || drift is not { Drifted: true })
            return last;
        // The rows that have led to something do so no second time, even when no others come.
        if (last is not null && (now - last.Time < (wished.Period?.Value ?? DefaultPeriod) || drift.WindowEnd <= last.WindowEnd))
            return last;
        var time = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var name = Names.Reaction(service.Metadata.Name!, service.Metadata.Uid!, time);
        var stable = service.Status?.Stable;
        return new ReactionStatus
        {
            Time = time,
            Revision = stable?.Revision ?? "",
            Version = stable?.Version,
            Rows = drift.Rows,
            WindowStart = drift.WindowStart,
            WindowEnd = drift.WindowEnd,
            Moved = [.. drift.Scores.Where(DriftFinding.IsMoved)],
            Job = wished.JobTemplate is null ? null : name,
            EventId = wished.Url is null ? null : name,
        };
    }
}
