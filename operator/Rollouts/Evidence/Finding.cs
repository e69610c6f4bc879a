namespace Sluice.Rollouts.Evidence;

/// <summary>What one gate says, and from what.</summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="Verdict">What it says.</param>
/// <param name="Samples">Requests of the candidate that were looked at.</param>
/// <param name="Estimate">Of what is held against the limit: larger is worse. NaN while there is none.</param>
/// <param name="Interval">What that lies between.</param>
/// <param name="Limit">What it must not be above.</param>
/// <param name="Message">All this as a sentence.</param>
public sealed record Finding(
    string Gate, Verdict Verdict, long Samples, double Estimate, Interval Interval, double Limit, string Message)
{
    public GateVerdict For(int attempt, int? step) => new(Gate, Verdict, attempt, step, Samples, Message);
}

/// <summary>Under which a gate judges.</summary>
/// <param name="Alpha">The probability that this gate may err with on this step.</param>
/// <param name="NextShare">The share of users that the candidate gets when the step is left, above 0 and at most 1.</param>
/// <param name="Elapsed">Since the step's exposure was seen.</param>
/// <param name="Copies">Whether requests are copied on this step.</param>
/// <param name="CopiedBefore">Whether they were on an earlier one.</param>
public sealed record Terms(double Alpha, double NextShare, TimeSpan Elapsed, bool Copies = false, bool CopiedBefore = false);

/// <summary>One number that a gate holds against a limit; larger is worse.</summary>
internal readonly record struct Bound(double Estimate, Interval Interval, double Limit, Verdict Verdict, string Text)
{
    /// <param name="passLimit">What the number must provably not be above for a pass; see <see cref="Terms.NextShare"/>.</param>
    public static Bound Of(double estimate, Interval interval, double limit, double passLimit, string text) => new(
        estimate, interval, limit, interval.Lower > limit ? Verdict.Fail : interval.Upper <= passLimit ? Verdict.Pass : Verdict.Undecided, text);
}
