namespace Sluice.Contract;

/// <summary>What a violation of an expectation comes to.</summary>
public static class ViolationResults
{
    /// <summary>The request is answered, and the violation counted.</summary>
    public const string Count = "count";

    /// <summary>The request is answered 400.</summary>
    public const string Reject = "reject";
}
