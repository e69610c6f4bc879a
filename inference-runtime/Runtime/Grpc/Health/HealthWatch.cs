using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Hosting;

namespace Sluice.Runtime.Grpc.Health;

/// <summary>
/// grpc.health.v1.Health/Watch: the status now and after each change, until the client goes. When the server drains, the
/// stream says so and ends, so that it does not hold the connection open.
/// </summary>
internal sealed class HealthWatch(ServingState state) : IUnaryMethod
{
    /// <summary>Readiness is looked at this often.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public bool IsModelCall => false;

    public ValueTask HandleAsync(GrpcExchange exchange, ReadOnlyMemory<byte> message) =>
        WatchAsync(exchange, HealthMessages.ReadService(message.Span));

    private async ValueTask WatchAsync(GrpcExchange exchange, string service)
    {
        var stop = exchange.Deadline.Token;
        HealthStatus? sent = null;
        while (true)
        {
            var draining = state.IsDraining;
            var status = HealthStatuses.Of(state, service);
            if (status != sent)
            {
                HealthMessages.Send(exchange, status);
                await exchange.Answer.FlushAsync(stop);
                sent = status;
            }
            if (draining)
                throw new GrpcException(GrpcCode.Unavailable, "The server is stopping.");
            await Task.Delay(Interval, state.Metrics.Time, stop);
        }
    }
}
