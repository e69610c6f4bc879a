namespace Sluice.Rollouts;

/// <summary>What one gate says of the evidence of one step.</summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="Verdict">What it says.</param>
/// <param name="Attempt">The attempt whose evidence was looked at; a verdict on another one counts for nothing.</param>
/// <param name="Step">The step whose evidence was looked at. A pass counts for that step alone, a failure for the whole attempt.</param>
/// <param name="Samples">How many requests were looked at.</param>
/// <param name="Message">The estimate, and what it is held against.</param>
public sealed record GateVerdict(string Gate, Verdict Verdict, int Attempt, int? Step, long Samples, string Message);

/// <summary>Absence of evidence is <see cref="Undecided"/>.</summary>
public enum Verdict
{
    Undecided,
    Pass,
    Fail,
}
