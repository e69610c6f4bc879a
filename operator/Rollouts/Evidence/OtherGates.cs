using System.Collections.Immutable;

namespace Sluice.Rollouts.Evidence;

/// <summary>How often the candidate answers a copy as stable did.</summary>
/// <param name="Min">The least share.</param>
/// <param name="Output">The output that counts; null for the whole answer.</param>
/// <param name="FloorPercent">
/// Of the copies, how many another pod of stable answers too: what differs between pods of stable is not held against
/// the candidate. 0 for none: then every difference is.
/// </param>
public sealed record Agreement(string Name, double Min, string? Output = null, int FloorPercent = Agreement.DefaultFloorPercent) : Gate(Name)
{
    public const int DefaultFloorPercent = 25;

    internal override Look Look(StepEvidence seen, Terms terms)
    {
        if (!terms.Copies)
        {
            return terms.CopiedBefore
                ? new Look(0) { Passed = "nothing is copied on this step; the shadow before it has been judged" }
                : Evidence.Look.Without("no step copies requests, so answers cannot be compared: add a shadow step, or remove the gate");
        }

        if (seen.Agreement is not { } agreement)
            return Evidence.Look.Without("no answers have been compared");
        var (different, floor) = (agreement.Different, agreement.Floor);
        if (Output is not null)
            floor = agreement.FloorOutputs.GetValueOrDefault(Output);
        if (Output is not null && !agreement.Outputs.TryGetValue(Output, out different))
            return Evidence.Look.Without($"no answers with an output \"{Output}\" have been compared");
        if (different.Of == 0)
            return Evidence.Look.Without("no answers have been compared");
        // Copies harm nobody, so the whole proof is waited for here, whatever share comes next.
        var whole = terms with { NextShare = 1 };
        if (FloorPercent == 0)
            return Rates.Look(different, default, 1 - Min, null, 0, whole, "of the answers differed");
        return floor.Of == 0
            ? Evidence.Look.Without("no other pod of stable has answered a copy yet, so it is not known what differs without a change", different.Of)
            : Rates.Look(different, floor, null, 1 - Min, 0, whole, "of the answers differed");
    }
}

/// <summary>
/// The distance of the data from the baseline; at least one bound. A score over a window, not a count: held against the
/// limit as it is.
/// </summary>
/// <param name="Max">The highest score.</param>
/// <param name="MaxOverStable">How much higher than stable's.</param>
public sealed record Drift(string Name, double? Max, double? MaxOverStable = null) : Gate(Name)
{
    internal override Look Look(StepEvidence seen, Terms terms)
    {
        if (seen.Drift is not { } drift || !double.IsFinite(drift.Score))
            return Evidence.Look.Without(seen.Unwatched ?? "no window of the candidate's data has been closed on this step");
        var bounds = ImmutableArray.CreateBuilder<Bound>();
        if (Max is { } highest)
            bounds.Add(Held(drift.Score, highest, $"the drift score of {drift.Rows} rows is {drift.Score:0.####}; {highest:0.####} is allowed"));
        if (MaxOverStable is { } over)
        {
            if (seen.StableDrift is not { } stable || !double.IsFinite(stable.Score))
                return Evidence.Look.Without("stable has closed no window on this step to compare with; an absolute bound needs none", drift.Rows);
            bounds.Add(Held(
                drift.Score - stable.Score, over,
                $"the drift score of {drift.Rows} rows is {drift.Score:0.####} against {stable.Score:0.####} of {stable.Rows} at stable; {over:0.####} more is allowed"));
        }

        return new Look(drift.Rows, bounds.ToImmutable());
    }

    static Bound Held(double score, double limit, string text) => Bound.Of(score, new Interval(score, score), limit, limit, text);
}

/// <summary>The one number that a PromQL query yields. What it means, and over what time, is the query's business.</summary>
public sealed record PromQuery(string Name, double? Min, double? Max) : Gate(Name)
{
    internal override Look Look(StepEvidence seen, Terms terms)
    {
        if (!seen.Queries.TryGetValue(Name, out var value) || !double.IsFinite(value))
            return Evidence.Look.Without("the query has yielded no number");
        var outside = Math.Max(Min - value ?? double.NegativeInfinity, value - Max ?? double.NegativeInfinity);
        return new Look(MinSamples, Bound.Of(
            outside, new Interval(outside, outside), 0, 0,
            $"the query yields {value:0.####}; {Allowed} is allowed"));
    }

    string Allowed => (Min, Max) switch
    {
        ({ } min, { } max) => $"{min:0.####} to {max:0.####}",
        ({ } min, _) => $"at least {min:0.####}",
        (_, { } max) => $"at most {max:0.####}",
        _ => "anything",
    };
}
