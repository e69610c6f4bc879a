using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Hosting;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Grpc.Health;

/// <summary>grpc.health.v1.Health/Check.</summary>
internal sealed class HealthCheck(ServingState state) : IUnaryMethod
{
    public bool IsModelCall => false;

    public ValueTask HandleAsync(GrpcExchange exchange, ReadOnlyMemory<byte> message)
    {
        var service = HealthMessages.ReadService(message.Span);
        var status = HealthStatuses.Of(state, service);
        if (status == HealthStatus.ServiceUnknown)
            throw new GrpcException(GrpcCode.NotFound, $"There is no service \"{Excerpt.Of(service)}\" here.");
        HealthMessages.Send(exchange, status);
        return ValueTask.CompletedTask;
    }
}
