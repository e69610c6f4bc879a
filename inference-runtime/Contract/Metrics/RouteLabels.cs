namespace Sluice.Contract.Metrics;

/// <summary>Why a request went to a revision.</summary>
public static class RouteRoles
{
    /// <summary>Drawn for the dividing revision, which answered it itself.</summary>
    public const string Stable = "stable";

    /// <summary>Drawn for another revision, and passed on to it.</summary>
    public const string Candidate = "candidate";

    /// <summary>The caller asked for the revision by <see cref="Headers.Revision"/>.</summary>
    public const string Asked = "asked";

    /// <summary>A copy; no user gets its answer.</summary>
    public const string Copy = "copy";
}

/// <summary>
/// What came of it. All but <see cref="Answered"/> and <see cref="Cancelled"/> count against the revision; the user of a
/// drawn request got the dividing pod's answer instead.
/// </summary>
public static class RouteOutcomes
{
    /// <summary>
    /// The revision's answer reached the caller, or it refused with 4xx what the dividing revision refuses too; of the
    /// dividing revision: all below 500.
    /// </summary>
    public const string Answered = "answered";

    /// <summary>5xx, a gRPC status that blames the server, an answer that is none, or 4xx for what the dividing revision answers.</summary>
    public const string Failed = "failed";

    /// <summary>429, 503 and their gRPC kin: overloaded, or not ready.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>No connection, or it broke.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>No answer within the share's timeout.</summary>
    public const string Late = "late";

    /// <summary>Not sent: the revision had just been unreachable or late for several requests in a row.</summary>
    public const string Withheld = "withheld";

    /// <summary>The caller went away first.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary>What came of a copy.</summary>
public static class ShadowOutcomes
{
    /// <summary>The shadow answered, with whatever status.</summary>
    public const string Sent = "sent";

    /// <summary>No answer: no connection, or too late.</summary>
    public const string Failed = "failed";

    /// <summary>Not sent: too many waited.</summary>
    public const string Dropped = "dropped";
}

/// <summary>The shadow's status against the one that the user got.</summary>
public static class ShadowResults
{
    public const string Equal = "equal";
    public const string Unequal = "unequal";
}

/// <summary>A copy's answer, or one output of it, against the user's.</summary>
public static class ComparisonResults
{
    public const string Same = "same";

    /// <summary>Another label, text or status, or numbers beyond the tolerance.</summary>
    public const string Different = "different";

    /// <summary>Another shape or type, or an output that only one of the answers has.</summary>
    public const string Mismatch = "mismatch";

    /// <summary>In a form that is not looked into.</summary>
    public const string Unread = "unread";
}
