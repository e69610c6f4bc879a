using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Http;

/// <summary>
/// Keys of the Secret for a web server: <c>token</c> (bearer), <c>username</c> and <c>password</c> (basic, as in
/// kubernetes.io/basic-auth), <c>headers</c> (a JSON object), and <c>https-host</c> as in KServe, which limits them to a host.
/// </summary>
internal static class HttpCredentials
{
    /// <summary>Null when there is nothing to send to this host.</summary>
    public static Authorize? For(Uri uri, Credentials credentials)
    {
        if (credentials.File("https-host") is { } host && !host.Equals(uri.Host, StringComparison.OrdinalIgnoreCase))
            return null;
        var headers = Headers(credentials.File("headers"));
        if (credentials.File("token") is { } token)
            headers.Add(new("Authorization", $"Bearer {token}"));
        else if (credentials.File("username") is { } user)
            headers.Add(new("Authorization", Basic(user, credentials.File("password") ?? string.Empty)));
        if (headers.Count == 0)
            return null;
        return (request, _) =>
        {
            foreach (var (name, value) in headers)
            {
                if (!request.Headers.TryAddWithoutValidation(name, value))
                    throw new FailureException(TerminationReasons.InvalidOptions, $"The credentials' key headers holds \"{name}\", which is no request header.");
            }
            return Task.CompletedTask;
        };
    }

    public static string Basic(string user, string password) =>
        new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))).ToString();

    private static List<KeyValuePair<string, string>> Headers(string? json)
    {
        if (json is null)
            return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateObject().Select(static p => KeyValuePair.Create(p.Name, p.Value.GetString() ?? ""))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions, "The credentials' key headers is no JSON object with text values, such as {\"x-api-key\": \"…\"}.");
        }
    }
}
