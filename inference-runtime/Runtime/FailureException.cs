namespace Sluice.Runtime;

/// <summary>The program cannot do what it was started for.</summary>
/// <param name="reason">One of <see cref="Contract.TerminationReasons"/>.</param>
/// <param name="message">For people: what, where, and what to do.</param>
internal sealed class FailureException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
