using System.Net.Http.Headers;
using System.Text;
using Sluice.Kubernetes.Json;
using Sluice.Operator.Api;

namespace Sluice.Operator.Monitoring;

/// <summary>Posts CloudEvents 1.0 in HTTP's binary mode. An event that is sent again bears the same id and source, by which receivers know it.</summary>
internal sealed class EventSink(TimeProvider time) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    readonly HttpClient client = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    });

    /// <returns>Why it was not taken, without figures that change; null when it was.</returns>
    public async Task<string?> SendAsync(string url, ReactionKind kind, InferenceService service, ReactionStatus reaction, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            using var request = Request(url, kind, service, reaction);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? null : $"{url} answers {(int)answer.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UriFormatException or InvalidOperationException)
        {
            return $"{url} cannot be reached: {e.Message}";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"{url} does not answer within {Patience.TotalSeconds:0} seconds";
        }
    }

    public void Dispose() => client.Dispose();

    static HttpRequestMessage Request(string url, ReactionKind kind, InferenceService service, ReactionStatus reaction)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, UriKind.Absolute))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(reaction.Evidence?.GetRawText() ?? "{}"))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        request.Headers.Add("ce-specversion", "1.0");
        request.Headers.Add("ce-type", kind.EventType);
        request.Headers.Add("ce-id", reaction.EventId);
        request.Headers.Add("ce-source", $"/apis/{InferenceService.Kind.ApiVersion}/namespaces/{service.Metadata.Namespace}/{InferenceService.Kind.Plural}/{service.Metadata.Name}");
        request.Headers.Add("ce-subject", reaction.Revision);
        request.Headers.Add("ce-time", Rfc3339.Seconds(reaction.Time));
        return request;
    }
}
