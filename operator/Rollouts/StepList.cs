using System.Collections.Immutable;
using System.Globalization;

namespace Sluice.Rollouts;

/// <summary>Each strategy is a list of steps; no steps means that a Ready candidate is promoted.</summary>
public static class StepList
{
    static readonly TimeSpan CanaryPeriod = TimeSpan.FromMinutes(5);

    public static ImmutableArray<Step> Immediate => [];

    /// <summary>
    /// The wished steps, or copies of 20 percent, and then shares of 5, 25 and 50 percent, for five minutes each: what a
    /// candidate answers is looked at before anybody gets it.
    /// </summary>
    public static ImmutableArray<Step> Canary(ImmutableArray<Step> wished) => !wished.IsDefaultOrEmpty
        ? wished
        : [new Step(0, 20) { For = CanaryPeriod }, new Step(5) { For = CanaryPeriod }, new Step(25) { For = CanaryPeriod }, new Step(50) { For = CanaryPeriod }];

    /// <summary>The candidate is there at full size from the start, reachable at its preview; then one flip.</summary>
    public static ImmutableArray<Step> BlueGreen(ImmutableArray<Step> wished) =>
        [.. (wished.IsDefaultOrEmpty ? [new Step(TrafficSplit.Whole)] : wished).Select(static s => s with { FullSize = true })];

    /// <summary>The wished shadows, or all requests for ten minutes; the last one goes on until a person approves.</summary>
    public static ImmutableArray<Step> Shadow(ImmutableArray<Step> wished) =>
        LastNeedsApproval(wished.IsDefaultOrEmpty ? [new Step(0, TrafficSplit.Whole) { For = TimeSpan.FromMinutes(10) }] : wished);

    /// <summary>The wished shares, or half; a share without a time is left by approval alone, and so is the last one.</summary>
    public static ImmutableArray<Step> ABTest(ImmutableArray<Step> wished) =>
        LastNeedsApproval([.. (wished.IsDefaultOrEmpty ? [new Step(50)] : wished).Select(static s => s with { Approval = s.Approval || s.For <= TimeSpan.Zero })]);

    /// <summary>KServe's <c>canaryTrafficPercent</c>: held there until a person changes or removes it.</summary>
    public static ImmutableArray<Step> Manual(int percent) => [new Step(percent) { Held = true }];

    /// <summary>Equal lists have equal fingerprints.</summary>
    internal static string Fingerprint(ImmutableArray<Step> steps)
    {
        const ulong offset = 14695981039346656037, prime = 1099511628211;
        var hash = offset;
        foreach (var step in steps)
        {
            foreach (var part in new[] { step.Weight, step.Shadow, step.For.Ticks, step.MinRequests, step.Approval ? 1 : 0, step.Held ? 1 : 0, step.FullSize ? 1 : 0 })
                hash = unchecked((hash ^ (ulong)part) * prime);
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    static ImmutableArray<Step> LastNeedsApproval(ImmutableArray<Step> steps) => steps.SetItem(steps.Length - 1, steps[^1] with { Approval = true });
}
