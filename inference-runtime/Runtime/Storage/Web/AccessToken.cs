using System.Text.Json;
using Sluice.Contract;

namespace Sluice.Runtime.Storage.Web;

/// <summary>A bearer token that is asked for when it is first needed, and again before it ends.</summary>
/// <param name="web">How to ask.</param>
/// <param name="time">When it ends.</param>
/// <param name="request">What to ask; made anew each time, because it may hold a time itself.</param>
/// <param name="who">Gives it, for messages.</param>
internal sealed class AccessToken(WebStorage web, TimeProvider time, Func<WebRequest> request, string who)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private const int ShortestSeconds = 60;

    private string? token;
    private DateTimeOffset expires;

    /// <summary>Puts it on a request.</summary>
    public async Task AuthorizeAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        if (token is null || time.GetUtcNow() > expires - Margin)
            await RenewAsync(cancellation);
        message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        var answer = await web.BytesAsync(request() with { BadRequestMeans = TerminationReasons.AccessDenied }, cancellation);
        (token, var seconds) = JsonAnswer.Read(answer, $"the answer of {who}", static json => (TokenOf(json), Seconds(json)));
        if (token is null)
            throw new FailureException(TerminationReasons.AccessDenied, $"{who} gave no access token.");
        expires = time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
    }

    /// <summary>OAuth 2 says access_token; registries may say token.</summary>
    private static string? TokenOf(JsonElement json) =>
        (json.Text("access_token") ?? json.Text("token")) is { Length: > 0 } text && !text.Any(char.IsControl) ? text : null;

    private static int Seconds(JsonElement json) => int.TryParse(json.Text("expires_in"), out var seconds) ? seconds : ShortestSeconds;
}
