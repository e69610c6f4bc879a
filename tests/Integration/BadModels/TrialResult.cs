using System.Globalization;
using Sluice.Integration.World;

namespace Sluice.Integration.BadModels;

/// <summary>What came of a trial.</summary>
/// <param name="Model">Which.</param>
/// <param name="Sight">What was seen.</param>
/// <param name="Load">The users, who have stopped.</param>
/// <param name="Failures">Answers that were none.</param>
internal sealed record TrialResult(BadModel Model, Sight Sight, Load Load, IReadOnlyCollection<string> Failures)
{
    public required string Stable { get; init; }

    public required string? StableAtTheEnd { get; init; }

    public required IReadOnlyList<string> PodsBefore { get; init; }

    public required IReadOnlyList<string> PodsAfter { get; init; }

    /// <summary>What the candidate answered to users; null when it has not answered any.</summary>
    public Answerer? Candidate => Load.Revisions.Where(r => r != Stable).Select(Load.Of).SingleOrDefault();

    /// <summary>A row of the table in docs/gates.md, without its first and last bar.</summary>
    public string ToRow() => string.Join(" | ",
        Model.Name,
        Model.NeverStarts ? "never starts" : "RolledBack",
        Sight.Reason,
        Seconds(Sight.Told - Sight.Knowable),
        Seconds(Sight.Told - Sight.Exposed),
        Seconds(Sight.Withdrawal),
        string.Create(CultureInfo.InvariantCulture, $"{Candidate?.Answers ?? 0}"),
        string.Create(CultureInfo.InvariantCulture, $"{Failures.Count} of {Load.Answers}"));

    static string Seconds(TimeSpan? time) => time is not { } known ? "–"
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, known.TotalSeconds):0.0} s");
}
