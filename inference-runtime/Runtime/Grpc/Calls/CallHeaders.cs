using Sluice.Runtime.Grpc.Framing;
using Sluice.Runtime.Json;

namespace Sluice.Runtime.Grpc.Calls;

/// <summary>Reads the headers that gRPC itself means something by.</summary>
internal static class CallHeaders
{
    /// <summary>Starts the deadline and says whether compressed messages are gzip.</summary>
    /// <exception cref="GrpcException">A coding that is not known here, or a timeout that is none.</exception>
    public static void Read(GrpcExchange exchange, TimeProvider time, out bool gzip)
    {
        var headers = exchange.RequestHeaders;
        exchange.Deadline.Start(time, exchange.Caller);
        if (headers.GrpcTimeout is { Count: > 0 } text)
        {
            if (!GrpcTimeout.TryRead(text.ToString(), out var timeout))
            {
                throw new GrpcException(
                    GrpcCode.InvalidArgument,
                    $"grpc-timeout \"{Excerpt.Of(text.ToString())}\" is not up to eight digits and one of H, M, S, m, u, n.");
            }
            exchange.Deadline.Limit(timeout);
        }
        gzip = false;
        if (headers.GrpcEncoding is not { Count: > 0 } coding)
            return;
        gzip = string.Equals(coding.ToString(), Compression.Gzip, StringComparison.Ordinal);
        if (!gzip && !string.Equals(coding.ToString(), Compression.Identity, StringComparison.Ordinal))
        {
            throw new GrpcException(
                GrpcCode.Unimplemented,
                $"grpc-encoding \"{Excerpt.Of(coding.ToString())}\" is not taken here; {Compression.Accepted} are.");
        }
    }
}
