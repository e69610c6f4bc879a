using Sluice.Runtime.Http;

namespace Sluice.Runtime.Grpc;

/// <summary>How a gRPC call ended (github.com/grpc/grpc, doc/statuscodes.md).</summary>
internal enum GrpcCode
{
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

internal static class GrpcCodes
{
    private static readonly string[] Texts =
        [.. Enum.GetValues<GrpcCode>().Select(c => ((int)c).ToString(System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>As the trailer grpc-status has it.</summary>
    public static string Text(this GrpcCode code) => Texts[(int)code];

    /// <summary>
    /// What REST answers with an HTTP status, gRPC answers with this one. Overload (503) stays Unavailable, which
    /// clients' retry policies know; what is too large (413) is ResourceExhausted, which trying again does not cure.
    /// </summary>
    public static GrpcCode Of(RequestException error) => error.Status switch
    {
        404 => GrpcCode.NotFound,
        401 => GrpcCode.Unauthenticated,
        403 => GrpcCode.PermissionDenied,
        413 or 429 => GrpcCode.ResourceExhausted,
        499 => GrpcCode.Cancelled,
        501 => GrpcCode.Unimplemented,
        503 => GrpcCode.Unavailable,
        504 => GrpcCode.DeadlineExceeded,
        >= 500 => GrpcCode.Internal,
        _ => GrpcCode.InvalidArgument,
    };
}
