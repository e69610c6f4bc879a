namespace Sluice.Contract;

/// <summary>
/// What a dividing pod has counted of each revision since it started: the operator reads it every second while a rollout
/// runs, and works from differences. GET <see cref="Path"/> on the admin port.
/// </summary>
public sealed record EvidenceDocument
{
    public const string Path = "/evidence";

    /// <summary>Another one means that all counts began anew.</summary>
    public required string Process { get; init; }

    /// <summary>Of the split document that the pod applies; 0 before the first.</summary>
    public long Generation { get; init; }

    public required IReadOnlyList<RevisionCounts> Revisions { get; init; }
}

/// <summary>One revision, as the dividing pod saw it.</summary>
public sealed record RevisionCounts
{
    public required string Revision { get; init; }

    /// <summary>Requests of users that the split gave to it; those whose callers asked for it are not in here.</summary>
    public required RequestCounts Drawn { get; init; }

    /// <summary>Copies that it was sent.</summary>
    public required RequestCounts Copied { get; init; }

    /// <summary>Copies that were not sent because too many waited.</summary>
    public required long Dropped { get; init; }

    /// <summary>
    /// Its answers to copies, against those that users got. Of the dividing revision: what differs without a change, see
    /// <see cref="SplitFloor"/>.
    /// </summary>
    public required ComparedCounts Compared { get; init; }
}

/// <summary>What came of requests; those whose callers went away are not in here.</summary>
public sealed record RequestCounts
{
    public required long Requests { get; init; }

    /// <summary>Of the requests: without an answer, or with one that blames the server.</summary>
    public required long Failures { get; init; }

    /// <summary>Of those without failure: answers with NaN or infinity.</summary>
    public required long NotFinite { get; init; }

    /// <summary>How long answers took, failures without an answer left out: index in <see cref="LatencyBuckets"/> and count, in turn; empty buckets are left out.</summary>
    public required IReadOnlyList<long> Latencies { get; init; }
}

/// <summary>Pairs of answers to one request.</summary>
public sealed record ComparedCounts
{
    public required long Pairs { get; init; }

    /// <summary>Of the pairs: another status, other outputs, or an output that is another label, text, shape or type.</summary>
    public required long Different { get; init; }

    /// <summary>Answers in a form that cannot be looked into.</summary>
    public required long Unread { get; init; }

    /// <summary>At most so many as a model has; beyond 32 the rest is left out.</summary>
    public required IReadOnlyList<OutputCounts> Outputs { get; init; }
}

/// <summary>One output.</summary>
public sealed record OutputCounts
{
    public required string Name { get; init; }

    public required long Pairs { get; init; }

    /// <summary>Of the pairs: another label or text, numbers further apart than the tolerance, another shape or type.</summary>
    public required long Different { get; init; }

    /// <summary>Of the different ones: the shape, the type, or the output's being there.</summary>
    public required long Shape { get; init; }

    /// <summary>Labels that changed, the most frequent first; beyond 64 kinds the rest is left out.</summary>
    public required IReadOnlyList<LabelFlip> Flips { get; init; }

    /// <summary>Of numbers, the largest relative distance within a pair: decades from 1e-8 up to 1, and beyond.</summary>
    public required IReadOnlyList<long> Distances { get; init; }

    /// <summary>The same in the output's own unit: decades from 1e-8 up to 1e8, and beyond. Older pods do not tell.</summary>
    public IReadOnlyList<long>? AbsoluteDistances { get; init; }
}

/// <summary>A row that stable labelled one way and the candidate another.</summary>
public sealed record LabelFlip
{
    public required string From { get; init; }

    public required string To { get; init; }

    public required long Count { get; init; }
}
