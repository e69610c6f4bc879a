using Sluice.Operator.Api;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Monitoring;

/// <summary>When drift, or a drop of quality, is to lead to something.</summary>
internal static class Reaction
{
    static readonly TimeSpan DefaultPeriod = TimeSpan.FromHours(24);

    /// <param name="service">Whose spec and status.</param>
    /// <param name="drift">The latest comparison.</param>
    /// <param name="quality">The latest figures.</param>
    /// <param name="last">What drift led to last.</param>
    /// <param name="now">The time of the pass.</param>
    /// <returns>A new one, or the last.</returns>
    public static ReactionStatus? ToDrift(InferenceService service, DriftFinding? drift, QualityStatus? quality, ReactionStatus? last, DateTimeOffset now) =>
        drift?.Compared is { Drifted: true } compared && IsDue(ReactionKind.Drift, service, last, now)
        // The rows that have led to something do so no second time, even when no others come.
        && !(compared.WindowEnd <= last?.WindowEnd)
            ? Make(ReactionKind.Drift, service, drift, quality, compared.Rows, now) : last;

    /// <param name="service">Whose spec and status.</param>
    /// <param name="drift">The latest comparison.</param>
    /// <param name="quality">The latest figures.</param>
    /// <param name="last">What a drop of quality led to last.</param>
    /// <param name="now">The time of the pass.</param>
    /// <returns>A new one, or the last.</returns>
    public static ReactionStatus? ToQualityDrop(InferenceService service, DriftFinding? drift, QualityStatus? quality, ReactionStatus? last, DateTimeOffset now) =>
        quality?.Figures.FirstOrDefault(static f => f.Dropped is true) is { } dropped && IsDue(ReactionKind.QualityDrop, service, last, now)
        // Nor do the labels that have. Pods that start anew count from 0, and know none of them.
        && !(last?.Labels == quality.Labels && last.Revision == service.Status?.Stable?.Revision)
            ? Make(ReactionKind.QualityDrop, service, drift, quality, dropped.Rows, now) : last;

    static bool IsDue(ReactionKind kind, InferenceService service, ReactionStatus? last, DateTimeOffset now) =>
        kind.WishedBy(service) is { } wished && (wished.Url is not null || wished.JobTemplate is not null)
        && (last is null || now - last.Time >= (wished.Period?.Value ?? DefaultPeriod));

    static ReactionStatus Make(ReactionKind kind, InferenceService service, DriftFinding? drift, QualityStatus? quality, long rows, DateTimeOffset now)
    {
        var wished = kind.WishedBy(service)!;
        var time = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var name = Names.Reaction(service.Metadata.Name!, kind.Word, service.Metadata.Uid!, time);
        var stable = service.Status?.Stable;
        var evidence = new ReactionEvidence
        {
            Namespace = service.Metadata.Namespace ?? "",
            InferenceService = service.Metadata.Name!,
            Revision = stable?.Revision ?? "",
            ModelVersion = stable?.Version,
            Digest = stable?.Digest,
            Time = time,
            WindowStart = drift?.Compared?.WindowStart,
            WindowEnd = drift?.Compared?.WindowEnd,
            Rows = rows,
            BaselineRows = drift?.Window?.Profiles.Max(static p => p.Baseline.Profile.Rows),
            Moved = drift is { Compared: { } compared, Window: { } window } ? [.. compared.Scores.Where(DriftFinding.IsMoved).Select(s => Moves.Of(s, window))] : [],
            Quality = quality?.Figures,
        };
        return new ReactionStatus
        {
            Time = time,
            Revision = evidence.Revision,
            WindowEnd = evidence.WindowEnd,
            Labels = quality?.Labels,
            Evidence = evidence.ToElement(),
            Job = wished.JobTemplate is null ? null : name,
            EventId = wished.Url is null ? null : name,
        };
    }
}
