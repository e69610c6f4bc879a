using System.Globalization;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Probes;

/// <summary>The httpGet of probes and hooks: any status from 200 to 399 is success, certificates are not checked.</summary>
internal sealed class HttpCheck : IDisposable
{
    private const int LongestBody = 10 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        // Each try is a new connection, as the kubelet's: a probe must see whether the server still accepts.
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    internal async Task<ProbeResult> RunAsync(Container container, HttpGetAction action, string podIp, CancellationToken cancel)
    {
        if (Ports.Resolve(container, action.Port) is not { } port)
            return ProbeResult.Failed($"couldn't find port: {action.Port}");
        var scheme = (action.Scheme ?? "HTTP").ToLowerInvariant();
        var host = action.Host is { Length: > 0 } h ? h : podIp;
        var path = action.Path is { Length: > 0 } p ? p.TrimStart('/') : "";
        var uri = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{port}/{path}");
        try
        {
            using var request = Request(uri, action);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            var code = (int)response.StatusCode;
            if (code is >= 200 and < 400)
                return ProbeResult.Ok;
            var body = await BodyAsync(response, cancel);
            return ProbeResult.Failed($"HTTP probe failed with statuscode: {code}{(body.Length > 0 ? ": " + body : "")}");
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException)
        {
            return ProbeResult.Failed($"Get \"{uri}\": {e.InnerException?.Message ?? e.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(string uri, HttpGetAction action)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.36");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        foreach (var header in action.HttpHeaders ?? [])
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return request;
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[LongestBody];
        var length = await stream.ReadAtLeastAsync(buffer, LongestBody, throwOnEndOfStream: false, cancel);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }
}
