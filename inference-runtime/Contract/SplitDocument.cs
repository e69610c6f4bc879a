namespace Sluice.Contract;

/// <summary>
/// How users' requests are shared out; the operator writes it, the serving pods read it from a mounted file.
/// The pods of the revision in the first share divide: each answers its own share, passes on the shares of the others
/// and copies the shadow's. The pods of every other revision answer what reaches them. So the first share is of the
/// revision that the front Service selects, with 0 percent if need be.
/// </summary>
public sealed record SplitDocument
{
    /// <summary>The key in the ConfigMap, and so the file's name.</summary>
    public const string FileName = "split.json";

    /// <summary>The most that is read, in bytes: a ConfigMap holds no more.</summary>
    public const int LimitBytes = 1 << 20;

    /// <summary>Grows with every change; a pod reports the one that it applies.</summary>
    public required long Generation { get; init; }

    /// <summary>At least one, the dividing revision first; the percents sum to 100.</summary>
    public required IReadOnlyList<SplitShare> Shares { get; init; }

    /// <summary>The revision that gets copies of answered requests; null copies none.</summary>
    public SplitShadow? Shadow { get; init; }

    /// <summary>What keeps a user with one revision; null draws anew for each request.</summary>
    public SplitAssignment? Assignment { get; init; }
}

/// <summary>One revision's share.</summary>
public sealed record SplitShare
{
    /// <summary>Of <see cref="TimeoutMilliseconds"/> when it is not given.</summary>
    public const int DefaultTimeoutMilliseconds = 5000;

    public required string Revision { get; init; }

    /// <summary>0 to 100.</summary>
    public required int Percent { get; init; }

    /// <summary>HOST:PORT of the revision's Service for REST; needed where requests are passed on to it.</summary>
    public string? Http { get; init; }

    /// <summary>HOST:PORT of the revision's Service for gRPC; needed where requests are passed on to it.</summary>
    public string? Grpc { get; init; }

    /// <summary>How long a passed-on request may take before the dividing pod answers it itself; above 0.</summary>
    public int? TimeoutMilliseconds { get; init; }
}

/// <summary>A revision that gets copies of requests; its answers reach no user.</summary>
public sealed record SplitShadow
{
    public required string Revision { get; init; }

    /// <summary>0 to 100, of the requests that the dividing pod answers itself.</summary>
    public required int Percent { get; init; }

    /// <summary>HOST:PORT of the revision's Service for REST.</summary>
    public required string Http { get; init; }

    /// <summary>HOST:PORT of the revision's Service for gRPC.</summary>
    public required string Grpc { get; init; }

    /// <summary>Where a share of the copies goes too, to see what differs without a change; null where nowhere.</summary>
    public SplitFloor? Floor { get; init; }

    /// <summary>How far numbers may be apart; null for <see cref="OutputTolerance.DefaultRelative"/> everywhere.</summary>
    public IReadOnlyList<OutputTolerance>? Tolerances { get; init; }
}

/// <summary>
/// Other pods of the dividing revision. Their answers to copies are compared as the shadow's are, and counted under the
/// dividing revision's name.
/// </summary>
public sealed record SplitFloor
{
    /// <summary>0 to 100, of the copies.</summary>
    public required int Percent { get; init; }

    /// <summary>HOST:PORT of the dividing revision's Service for REST.</summary>
    public required string Http { get; init; }

    /// <summary>HOST:PORT of the dividing revision's Service for gRPC.</summary>
    public required string Grpc { get; init; }
}

/// <summary>
/// Numbers a and b of one output are the same when |a − b| is at most absolute + relative · max(|a|, |b|). An output that
/// is named here counts for the whole answer when a number is further apart; without, only for itself.
/// </summary>
public sealed record OutputTolerance
{
    /// <summary>More than another summation order makes of single precision.</summary>
    public const double DefaultRelative = 0.01;

    /// <summary>Numbers below a millionth are as good as zero.</summary>
    public const double DefaultAbsolute = 1e-8;

    /// <summary>Null for every output that no other entry names.</summary>
    public string? Output { get; init; }

    /// <summary>Not negative.</summary>
    public double? Relative { get; init; }

    /// <summary>Not negative.</summary>
    public double? Absolute { get; init; }
}

/// <summary>Users are told apart by a header; see <see cref="SplitBuckets"/>.</summary>
public sealed record SplitAssignment
{
    /// <summary>Its value is the user; requests without it are drawn.</summary>
    public required string Header { get; init; }

    /// <summary>Another salt deals the users anew.</summary>
    public required string Salt { get; init; }
}
