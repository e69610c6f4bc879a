using Sluice.Contract.Metrics;
using Sluice.Runtime.Grpc;

namespace Sluice.Runtime.Routing;

/// <summary>Whose fault an answer is: the caller's faults are answers, the server's are not.</summary>
internal static class Outcomes
{
    public static bool IsSuccess(int status) => status is >= 200 and < 300;

    /// <summary>
    /// Of a request that a revision calls the caller's fault. Whether it is, the revision that serves knows: what it
    /// answers well, the other one should have answered too.
    /// </summary>
    /// <param name="answeredHere">The dividing revision answered it well.</param>
    public static string OfRefusal(bool answeredHere) => answeredHere ? RouteOutcomes.Failed : RouteOutcomes.Answered;

    public static string OfHttp(int status) => status switch
    {
        499 => RouteOutcomes.Cancelled,
        // Overload says nothing about the request, so the caller need not suffer it.
        429 or 503 => RouteOutcomes.Unavailable,
        >= 500 => RouteOutcomes.Failed,
        _ => RouteOutcomes.Answered,
    };

    /// <param name="code">Null when the answer had no status.</param>
    public static string OfGrpc(GrpcCode? code) => code switch
    {
        GrpcCode.Unavailable or GrpcCode.ResourceExhausted => RouteOutcomes.Unavailable,
        GrpcCode.DeadlineExceeded => RouteOutcomes.Late,
        null or GrpcCode.Cancelled or GrpcCode.Unknown or GrpcCode.Internal or GrpcCode.DataLoss or GrpcCode.Unimplemented =>
            RouteOutcomes.Failed,
        _ => RouteOutcomes.Answered,
    };
}
