using System.Text;
using Sluice.Runtime.Grpc.Calls;
using Sluice.Runtime.Grpc.Framing;
using Sluice.Runtime.Grpc.Wire;

namespace Sluice.Runtime.Grpc.Health;

/// <summary>HealthCheckRequest (service = 1) and HealthCheckResponse (status = 1).</summary>
internal static class HealthMessages
{
    public static string ReadService(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> service = default;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                reader.Expect(WireType.Bytes, "service");
                service = reader.Text();
            }
            else
            {
                reader.Skip();
            }
        }
        return Encoding.UTF8.GetString(service);
    }

    public static void Send(GrpcExchange exchange, HealthStatus status)
    {
        var writer = Reply.Begin(exchange.Answer, 2);
        writer.Tag(1, WireType.Varint);
        writer.Varint((ulong)status);
        writer.Flush();
    }
}
