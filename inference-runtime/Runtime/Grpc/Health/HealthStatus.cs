using Sluice.Runtime.Hosting;

namespace Sluice.Runtime.Grpc.Health;

/// <summary>
/// ServingStatus of grpc.health.v1 (github.com/grpc/grpc-proto, grpc/health/v1/health.proto).
/// </summary>
internal enum HealthStatus
{
    Serving = 1,
    NotServing = 2,

    /// <summary>Only in answers to Watch; Check answers the status NOT_FOUND instead.</summary>
    ServiceUnknown = 3,
}

internal static class HealthStatuses
{
    /// <param name="service">Empty for the server as a whole.</param>
    public static HealthStatus Of(ServingState state, string service)
    {
        if (service is not ("" or GrpcApplication.InferenceService or GrpcApplication.HealthService))
            return HealthStatus.ServiceUnknown;
        return state.IsReady ? HealthStatus.Serving : HealthStatus.NotServing;
    }
}
