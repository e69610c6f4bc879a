using Sluice.Contract;
using Sluice.Operator.Api;
using Sluice.Rollouts;

namespace Sluice.Operator.Versions;

/// <summary>What is known of a ModelVersion's artifact after one look.</summary>
internal abstract record Finding
{
    /// <summary>Status says already what there is to say.</summary>
    public sealed record Settled : Finding;

    /// <summary>A Job is at work.</summary>
    /// <param name="Message">What it does, or what keeps it.</param>
    public sealed record Working(string Message) : Finding;

    /// <summary>A try failed in a way that may pass.</summary>
    /// <param name="Failure">Why.</param>
    /// <param name="Fetched">Whether the artifact was there.</param>
    /// <param name="Attempts">How many tries have failed.</param>
    /// <param name="Next">When the next one is due.</param>
    public sealed record Failed(Failure Failure, bool Fetched, int Attempts, DateTimeOffset Next) : Finding;

    /// <summary>The artifact, or what the spec says of it, is wrong; another try gives the same.</summary>
    /// <param name="Failure">Why.</param>
    /// <param name="Fetched">Whether the artifact was there.</param>
    /// <param name="Report">What it is, when it could be read.</param>
    public sealed record Refused(Failure Failure, bool Fetched, ModelReport? Report) : Finding;

    /// <summary>The artifact is what the spec says.</summary>
    public sealed record Proven(ModelReport Report, ModelSignature? Signature) : Finding;
}
