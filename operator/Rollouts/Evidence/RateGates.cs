using System.Collections.Immutable;

namespace Sluice.Rollouts.Evidence;

/// <summary>Failed requests, as shares between 0 and 1; at least one bound.</summary>
/// <param name="Max">The most that may fail.</param>
/// <param name="MaxOverStable">How many more than at stable.</param>
public sealed record ErrorRate(string Name, double? Max, double? MaxOverStable) : Gate(Name)
{
    internal override Look Look(StepEvidence seen, Terms terms) =>
        Rates.Look(seen.Candidate.Failures, seen.Stable.Failures, Max, MaxOverStable, 0, terms, "failed");
}

/// <summary>Answers with NaN or infinity; at least one bound.</summary>
/// <param name="Max">The largest share.</param>
/// <param name="MaxOverStable">How much larger it may be than stable's.</param>
public sealed record NanRate(string Name, double? Max, double? MaxOverStable = null) : Gate(Name)
{
    /// <summary>Nobody can prove that something never happens: a pass proves that it happens this much more often at most.</summary>
    public const double Resolution = 0.005;

    internal override Look Look(StepEvidence seen, Terms terms) => Rates.Look(
        seen.Candidate.NotFinite, seen.Stable.NotFinite, Max, MaxOverStable, Resolution, terms, "of the answers held NaN or infinity");
}

/// <summary>Right predictions by feedback; at least one bound.</summary>
/// <param name="Min">The least accuracy.</param>
/// <param name="MaxDrop">How far below stable's it may lie.</param>
public sealed record Accuracy(string Name, double? Min, double? MaxDrop) : Gate(Name)
{
    internal override Look Look(StepEvidence seen, Terms terms) => seen.Candidate.Right is not { } candidate
        ? Evidence.Look.Without(seen.Unwatched ?? "no feedback has come in on this step")
        : Rates.Look(Wrong(candidate), Wrong(seen.Stable.Right ?? default), 1 - Min, MaxDrop, 0, terms, "of the predictions were wrong by feedback");

    static Tally Wrong(Tally right) => new(right.Of - right.Hits, right.Of);
}

/// <summary>What gates over shares have in common.</summary>
internal static class Rates
{
    public static Look Look(Tally candidate, Tally stable, double? max, double? over, double resolution, Terms terms, string what)
    {
        (candidate, stable) = (candidate.Bounded, stable.Bounded);
        if (candidate.Of == 0)
            return Evidence.Look.Without("no requests of the candidate have been seen");
        var bounds = ImmutableArray.CreateBuilder<Bound>();
        var alpha = max is not null && over is not null ? terms.Alpha / 2 : terms.Alpha;
        if (max is { } absolute)
            bounds.Add(Absolute(candidate, absolute, resolution, alpha, terms, what));
        if (over is { } relative)
        {
            if (stable.Of == 0)
                return Evidence.Look.Without("stable has no requests on this step to compare with; an absolute bound needs none", candidate.Of);
            bounds.Add(Relative(candidate, stable, relative, resolution, alpha, terms, what));
        }

        return new Look(candidate.Of, bounds.ToImmutable());
    }

    static Bound Absolute(Tally candidate, double max, double resolution, double alpha, Terms terms, string what)
    {
        var interval = Sequences.Rate(candidate, alpha);
        return Bound.Of(
            candidate.Rate, interval, max, (max + resolution) / terms.NextShare,
            $"{Text.Percent(candidate.Rate)} of {candidate.Of} {what} ({Text.Percent(interval)}); {Text.Percent(max)} is allowed");
    }

    static Bound Relative(Tally candidate, Tally stable, double over, double resolution, double alpha, Terms terms, string what)
    {
        var interval = Sequences.Difference(candidate, stable, alpha);
        return Bound.Of(
            candidate.Rate - stable.Rate, interval, over, (over + resolution) / terms.NextShare,
            $"{Text.Percent(candidate.Rate)} of {candidate.Of} {what} against {Text.Percent(stable.Rate)} of {stable.Of} at stable ({Text.Points(interval)} more); {over * 100:0.##} more are allowed");
    }
}
