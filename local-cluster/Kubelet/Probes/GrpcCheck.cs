using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Probes;

/// <summary>The gRPC health protocol, grpc.health.v1.Health/Check, over HTTP/2 without TLS.</summary>
internal sealed class GrpcCheck : IDisposable
{
    private const int Serving = 1;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    internal async Task<ProbeResult> RunAsync(GrpcAction action, string podIp, CancellationToken cancel)
    {
        var uri = string.Create(CultureInfo.InvariantCulture, $"http://{podIp}:{action.Port}/grpc.health.v1.Health/Check");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, uri)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(Frame(action.Service ?? "")),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            using var response = await _http.SendAsync(request, cancel);
            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            return Judge(response, body);
        }
        catch (HttpRequestException e)
        {
            return ProbeResult.Failed($"failed to connect service \"{podIp}:{action.Port}\": {e.InnerException?.Message ?? e.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private static ProbeResult Judge(HttpResponseMessage response, byte[] body)
    {
        var status = Header(response.TrailingHeaders, "grpc-status") ?? Header(response.Headers, "grpc-status");
        if (status != "0")
            return ProbeResult.Failed($"rpc failed with status {status ?? response.StatusCode.ToString()}");
        // A frame of five bytes, then field 1 (tag 8) as a varint; an absent field is 0, UNKNOWN.
        var serving = body.Length >= 7 && body[5] == 8 && body[6] == Serving;
        return serving ? ProbeResult.Ok : ProbeResult.Failed("service unhealthy (responded with a status other than SERVING)");
    }

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.First() : null;

    private static byte[] Frame(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        if (name.Length > 127)
            throw new ArgumentException("the service name of a grpc probe has at most 127 bytes", nameof(service));
        byte[] message = name.Length == 0 ? [] : [10, (byte)name.Length, .. name];
        return [0, 0, 0, 0, (byte)message.Length, .. message];
    }
}
