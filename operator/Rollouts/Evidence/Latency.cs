using System.Collections.Immutable;

namespace Sluice.Rollouts.Evidence;

/// <summary>A quantile of the time that requests take; at least one bound.</summary>
/// <param name="Quantile">Above 0 and below 1.</param>
/// <param name="Max">The longest, in seconds.</param>
/// <param name="MaxRatio">The longest as a multiple of stable's.</param>
public sealed record Latency(string Name, double Quantile, double? Max, double? MaxRatio) : Gate(Name)
{
    /// <summary>
    /// Seconds that the candidate may take longer than that: its requests make one hop more, from a pod of stable to it.
    /// Where copies have shown that the hop takes longer here, that counts.
    /// </summary>
    public const double Hop = 0.001;

    internal override Look Look(StepEvidence seen, Terms terms)
    {
        var samples = seen.Candidate.Latencies.Total;
        if (samples == 0)
            return Evidence.Look.Without("no requests of the candidate have been seen");
        var alpha = Max is not null && MaxRatio is not null ? terms.Alpha / 2 : terms.Alpha;
        var bounds = ImmutableArray.CreateBuilder<Bound>();
        if (Max is { } longest)
            bounds.Add(Absolute(seen.Candidate.Latencies, longest, alpha, terms));
        if (MaxRatio is { } ratio)
        {
            if (seen.Stable.Latencies.Total == 0)
                return Evidence.Look.Without("stable has no requests on this step to compare with; an absolute bound needs none", samples);
            if (HopOf(seen.Way, ratio, alpha, terms) is not { } hop)
                return Evidence.Look.Without("too few copies to another pod of stable have shown how long the hop takes", samples);
            bounds.Add(Relative(seen.Candidate.Latencies, seen.Stable.Latencies, ratio, hop, alpha, terms));
        }

        return new Look(samples, bounds.ToImmutable());
    }

    Bound Absolute(Latencies candidate, double longest, double alpha, Terms terms)
    {
        var interval = candidate.Between(Quantile, alpha);
        var verdict = interval.Lower > longest ? Verdict.Fail
            : candidate.Between(Level(terms), alpha).Upper <= longest ? Verdict.Pass : Verdict.Undecided;
        return Bounded(candidate, interval, longest, verdict, "");
    }

    Bound Relative(Latencies candidate, Latencies stable, double ratio, double hop, double alpha, Terms terms)
    {
        var test = new LatencyRatio(candidate, stable, ratio, hop);
        var verdict = test.IsAbove(Quantile, alpha) ? Verdict.Fail
            : test.IsWithin(Level(terms), Quantile, alpha) ? Verdict.Pass : Verdict.Undecided;
        var usual = stable.Quantile(Quantile);
        return Bounded(
            candidate, candidate.Between(Quantile, alpha), (usual * ratio) + hop, verdict,
            $", {ratio:0.##} times the {Text.Time(usual)} of stable and {Text.Time(hop)} for the hop");
    }

    /// <summary>The longest that it may provably be, times the ratio: where answers take no time, the hop is all that a margin can be taken of.</summary>
    /// <returns>Null while it is being found out.</returns>
    double? HopOf(WayEvidence? way, double ratio, double alpha, Terms terms)
    {
        if (way is null || way.Direct.Total == 0)
            return Hop;
        var longest = way.Passed.Between(Quantile, alpha).Upper;
        if (double.IsInfinity(longest))
            return terms.Copies ? null : Hop;
        return Math.Max(Hop, ratio * (longest - way.Direct.Quantile(Quantile)));
    }

    /// <summary>Of all users' requests, those of the candidate's next share, no more may be slower than the quantile leaves over.</summary>
    double Level(Terms terms) => Math.Max(1 - ((1 - Quantile) / terms.NextShare), Math.Min(Quantile, 0.5));

    Bound Bounded(Latencies candidate, Interval interval, double limit, Verdict verdict, string origin)
    {
        var estimate = candidate.Quantile(Quantile);
        return new Bound(
            estimate, interval, limit, verdict,
            $"p{Quantile * 100:0.##} of {candidate.Total} is {Text.Time(estimate)} ({Text.Time(interval.Lower)} to {Text.Time(interval.Upper)}); {Text.Time(limit)} is allowed{origin}");
    }
}
