using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sluice.Kubernetes.Client;

/// <summary>One pipeline: retries, then credentials, then a bounded attempt over pooled connections.</summary>
internal sealed class Transport : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _server;

    public Transport(KubeConfig config, KubeClientOptions options)
    {
        Time = options.Time;
        _server = config.Server;
        _http = new HttpClient(Pipeline.Build(config, options), disposeHandler: true)
        {
            // Attempts are bounded one by one; a watch lives for minutes.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(options.UserAgent);
    }

    public TimeProvider Time { get; }

    public static HttpRequestMessage Request(string verb, HttpMethod method, string path, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Options.Set(RequestOptions.Verb, verb);
        request.Options.Set(RequestOptions.Repeatable, method != HttpMethod.Post);
        request.Headers.Accept.ParseAdd("application/json");
        return request;
    }

    public static HttpRequestMessage Stream(string verb, HttpMethod method, string path)
    {
        var request = Request(verb, method, path);
        request.Options.Set(RequestOptions.Streamed, true);
        request.Options.Set(RequestOptions.Repeatable, false);
        return request;
    }

    public async Task<T> SendAsync<T>(
        string verb, HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var request = Request(verb, method, path, content);
        return await SendAsync(request, type, cancel);
    }

    public async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var response = await SendAsync(request, cancel);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        try
        {
            return await JsonSerializer.DeserializeAsync(body, type, cancel)
                ?? throw new JsonException("the body is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Errors.Name(request)}: the server's answer cannot be read: {e.Message}", e);
        }
    }

    /// <summary>An answer that is a success; anything else is thrown.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        Aim(request);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await Errors.ReadAsync(request, response, Time, cancel);
    }

    public async Task<HttpResponseMessage> SendRawAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Options.Set(RequestOptions.Verb, "raw");
        request.Options.Set(RequestOptions.Streamed, true);
        Aim(request);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    public void Dispose() => _http.Dispose();

    // The server's address may have a path of its own (a proxy in front of several clusters), which must not be lost.
    private void Aim(HttpRequestMessage request)
    {
        var below = request.RequestUri!.OriginalString;
        request.RequestUri = new Uri(_server.GetLeftPart(UriPartial.Path).TrimEnd('/') + below);
    }
}
