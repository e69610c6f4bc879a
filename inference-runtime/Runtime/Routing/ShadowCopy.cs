using Sluice.Contract;
using Sluice.Runtime.Routing.Evidence;

namespace Sluice.Runtime.Routing;

/// <summary>An answered request, to be asked again elsewhere.</summary>
/// <param name="Revision">Who is asked.</param>
/// <param name="Request">To send; its body is the user's.</param>
/// <param name="Status">What the user got: an HTTP status, or a gRPC one.</param>
/// <param name="Answer">The bytes that the user got; of gRPC with their framing.</param>
/// <param name="IsGrpc">What the status and the bytes are.</param>
/// <param name="StatusOf">Reads the status of an answer in the same sense; null when it has none.</param>
/// <param name="Bytes">What the copy holds in memory, about.</param>
internal sealed record ShadowCopy(
    string Revision,
    HttpRequestMessage Request,
    int Status,
    ReadOnlyMemory<byte> Answer,
    bool IsGrpc,
    Func<HttpResponseMessage, int?> StatusOf,
    long Bytes)
{
    public Tolerances Tolerances { get; init; } = Tolerances.Default;

    /// <summary>How long the user's request took here; null when that is not known.</summary>
    public double? Seconds { get; init; }
}

/// <param name="Copy">What the user sent and got.</param>
/// <param name="Status">Of the shadow's answer; null when it was none of the protocol's.</param>
/// <param name="Answer">The shadow's.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record ShadowPair(ShadowCopy Copy, int? Status, ReadOnlyMemory<byte> Answer, double Seconds);

/// <summary>Who gets copies, ready for sending.</summary>
internal sealed class ShadowTarget(SplitShadow shadow)
{
    public string Revision => shadow.Revision;

    /// <summary>Draws below it are copied.</summary>
    public int Buckets { get; } = shadow.Percent * SplitBuckets.PerPercent;

    public string Http { get; } = RouteTarget.Base(shadow.Http)!;

    public string Grpc { get; } = RouteTarget.Base(shadow.Grpc)!;

    public Tolerances Tolerances { get; } = shadow.Tolerances is { } wished ? new(wished) : Tolerances.Default;

    /// <summary>Of the copies, draws below it go to another pod of this revision too.</summary>
    public int FloorBuckets { get; } = (shadow.Floor?.Percent ?? 0) * SplitBuckets.PerPercent;

    public string? FloorHttp { get; } = RouteTarget.Base(shadow.Floor?.Http);

    public string? FloorGrpc { get; } = RouteTarget.Base(shadow.Floor?.Grpc);
}
