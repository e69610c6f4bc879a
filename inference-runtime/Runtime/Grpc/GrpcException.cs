namespace Sluice.Runtime.Grpc;

/// <summary>A call cannot be answered for a reason of gRPC's own. The message is for the caller.</summary>
internal sealed class GrpcException(GrpcCode code, string message) : Exception(message)
{
    public GrpcCode Code { get; } = code;
}
