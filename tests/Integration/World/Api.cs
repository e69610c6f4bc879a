using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;

namespace Sluice.Integration.World;

/// <summary>The API as a person with curl sees it: paths, YAML in, JSON out. Tests judge the world by this, not by our types.</summary>
internal sealed class Api(KubeClient client)
{
    /// <summary>The object at the path, or null where there is none.</summary>
    public async Task<JsonNode?> GetAsync(string path)
    {
        using var answer = await OnceServedAsync(() => client.RawAsync(HttpMethod.Get, path));
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        return await BodyAsync(answer, "GET " + path);
    }

    public async Task<IReadOnlyList<JsonNode>> ListAsync(string path, string? labelSelector = null)
    {
        var query = labelSelector is null ? "" : "?labelSelector=" + Uri.EscapeDataString(labelSelector);
        var list = await GetAsync(path + query) ?? throw new InvalidOperationException($"{path} is not served");
        return [.. list["items"]!.AsArray().Select(item => item!)];
    }

    /// <summary>Server-side apply of one document, as field manager <c>suite</c>.</summary>
    public Task<JsonNode> ApplyAsync(string path, string yaml) =>
        SendAsync(HttpMethod.Patch, path + "?fieldManager=suite&force=true", yaml, "application/apply-patch+yaml");

    public Task<JsonNode> MergeAsync(string path, string json) =>
        SendAsync(HttpMethod.Patch, path + "?fieldManager=suite", json, "application/merge-patch+json");

    /// <summary>What the server says of an object that kubectl would create; nothing is stored.</summary>
    public Task<JsonNode> TryCreateAsync(string path, string json) =>
        SendAsync(HttpMethod.Post, path + "?fieldManager=suite&dryRun=All&fieldValidation=Strict", json, "application/json");

    public async Task DeleteAsync(string path, int? graceSeconds = null)
    {
        var grace = graceSeconds is null ? "" : $"&gracePeriodSeconds={graceSeconds}";
        using var answer = await client.RawAsync(HttpMethod.Delete, path + "?propagationPolicy=Background" + grace);
        if (answer.StatusCode != HttpStatusCode.NotFound) await BodyAsync(answer, "DELETE " + path);
    }

    /// <summary>Any request, for instance through the proxy subresource of a Service; the answer as it came.</summary>
    public async Task<(HttpStatusCode Code, string Body)> AskAsync(HttpMethod method, string path, string? json = null)
    {
        using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.RawAsync(method, path, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    async Task<JsonNode> SendAsync(HttpMethod method, string path, string body, string mediaType)
    {
        using var answer = await OnceServedAsync(() => client.RawAsync(method, path, Content(body, mediaType)));
        return await BodyAsync(answer, $"{method} {path}");
    }

    static StringContent Content(string body, string mediaType)
    {
        var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return content;
    }

    /// <summary>A server answers 429 for the moment in which it makes room for a new CRD.</summary>
    static async Task<HttpResponseMessage> OnceServedAsync(Func<Task<HttpResponseMessage>> ask)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await ask();
            if (answer.StatusCode != HttpStatusCode.TooManyRequests || attempt == 20) return answer;
            answer.Dispose();
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    static async Task<JsonNode> BodyAsync(HttpResponseMessage answer, string request)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new ApiAnswer(answer.StatusCode, text, request);
        return JsonNode.Parse(text)!;
    }
}

/// <summary>The API server said no.</summary>
internal sealed class ApiAnswer(HttpStatusCode code, string body, string request)
    : Exception($"{request}: {(int)code}: {body}")
{
    public HttpStatusCode Code { get; } = code;

    /// <summary>The message of the metav1.Status, or the body where it is none.</summary>
    public string Reply { get; } = MessageOf(body);

    static string MessageOf(string body)
    {
        try
        {
            return (string?)JsonNode.Parse(body)?["message"] ?? body;
        }
        catch (System.Text.Json.JsonException)
        {
            return body;
        }
    }
}
