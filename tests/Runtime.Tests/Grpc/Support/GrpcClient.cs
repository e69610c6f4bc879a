using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Sluice.Runtime.Tests.Grpc.Support;

/// <summary>gRPC by hand over .NET's HTTP/2 client, so that tests can also say what no gRPC library would.</summary>
internal sealed class GrpcClient : IDisposable
{
    public const string Inference = "/inference.GRPCInferenceService/";
    public const string Health = "/grpc.health.v1.Health/";

    private readonly HttpClient http;

    public GrpcClient(Uri address)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false, UseProxy = false };
        http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>A message with its compressed-flag and length before it.</summary>
    public static byte[] Frame(byte[] message, byte flag = 0)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static HttpRequestMessage Request(string path, HttpContent content) =>
        new(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
            Headers = { TE = { new TransferCodingWithQualityHeaderValue("trailers") } },
        };

    public Task<GrpcAnswer> InferAsync(byte[] message, params (string Name, string Value)[] headers) =>
        CallAsync(Inference + "ModelInfer", message, headers);

    public Task<GrpcAnswer> CallAsync(string path, byte[] message, params (string Name, string Value)[] headers) =>
        SendAsync(path, Frame(message), headers);

    /// <summary>Sends any body; a header named content-type replaces gRPC's.</summary>
    public async Task<GrpcAnswer> SendAsync(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var content = new ByteArrayContent(body);
        using var request = Request(path, content);
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        foreach (var (name, value) in headers)
        {
            if (name == "content-type")
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return await SendAsync(request, CancellationToken.None);
    }

    public async Task<GrpcAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        return new GrpcAnswer(
            response.StatusCode,
            Flat(response.Headers.Concat(response.Content.Headers)),
            Flat(response.TrailingHeaders),
            body);
    }

    /// <summary>For calls whose answer is a stream.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path, byte[] message, CancellationToken cancellation)
    {
        var content = new ByteArrayContent(Frame(message));
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        return http.SendAsync(Request(path, content), HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public void Dispose() => http.Dispose();

    private static Dictionary<string, string> Flat(IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers) =>
        headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(",", h.Value));
}
