using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Client;

/// <summary>Refusals of the server as exceptions.</summary>
internal static class Errors
{
    private const int MaxBody = 256 << 10;
    private const int MaxQuoted = 512;

    public static string Name(HttpRequestMessage request) => $"{request.Method} {request.RequestUri?.PathAndQuery}";

    public static async Task<KubeApiException> ReadAsync(
        HttpRequestMessage request, HttpResponseMessage response, TimeProvider time, CancellationToken cancel)
    {
        var body = await ReadBodyAsync(response, cancel);
        return new KubeApiException(response.StatusCode, Parse(body), RetryAfter(response, time), Name(request));
    }

    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => Positive(date - time.GetUtcNow()),
            _ => null,
        };

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBody);
        try
        {
            var length = await stream.ReadAtLeastAsync(buffer, MaxBody, throwOnEndOfStream: false, cancel);
            return buffer[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Proxies and old servers answer with plain text; that text is then the message.
    private static Status? Parse(byte[] body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, KubeJson.Default.Status) is { Kind: "Status" } status)
                return status;
        }
        catch (JsonException)
        {
            // Not a Status: quoted below.
        }

        var text = Encoding.UTF8.GetString(body).Trim();
        return text.Length == 0 ? null : new Status { Message = text.Length > MaxQuoted ? text[..MaxQuoted] + "…" : text };
    }
}
