using System.Collections.Immutable;

namespace Sluice.Rollouts.Evidence;

/// <summary>The gates of one rollout, which share one probability of sending back a candidate that is within all limits.</summary>
public static class GateList
{
    /// <summary>Of a whole rollout.</summary>
    public const double ErrorBudget = 0.01;

    /// <summary>What <c>strategy: Canary</c> alone is guarded by: no worse than stable, by margins that a person would shrug at.</summary>
    public static ImmutableArray<Gate> Default { get; } =
    [
        new ErrorRate("errors", null, 0.01),
        new Latency("latency", 0.99, null, 1.1),
        new NanRate("finite", null, 0),
        new Agreement("agreement", 0.995),
    ];

    /// <summary>What each gate says of one step.</summary>
    public static ImmutableArray<Finding> Judge(
        ImmutableArray<Gate> gates, ImmutableArray<Step> steps, int step, StepEvidence seen, TimeSpan elapsed)
    {
        if (gates.IsEmpty || step < 0 || step >= steps.Length)
            return [];
        var terms = TermsOf(gates.Length, steps, step, elapsed);
        return [.. gates.Select(g => g.Judge(seen, terms))];
    }

    /// <summary>Bonferroni over gates and steps: each may err with its part, so that all together err with the budget at most.</summary>
    internal static Terms TermsOf(int gates, ImmutableArray<Step> steps, int step, TimeSpan elapsed)
    {
        var looks = Math.Max(1, steps.Count(static s => s.Exposes));
        var next = step + 1 < steps.Length ? steps[step + 1].Weight : TrafficSplit.Whole;
        // A shadow after this step exposes nobody, but what is proven here need not be proven again there.
        var share = Math.Clamp(next / (double)TrafficSplit.Whole, 0.01, 1);
        return new Terms(
            ErrorBudget / gates / looks, share, elapsed, steps[step].Shadow > 0, steps.Take(step).Any(static s => s.Shadow > 0));
    }
}
