using System.Text;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Storage.Http;

namespace Sluice.Runtime.Storage.Oci;

/// <summary>Who pulls: a Secret of type kubernetes.io/dockerconfigjson or kubernetes.io/basic-auth.</summary>
internal static class OciCredentials
{
    private const string DockerConfig = ".dockerconfigjson";

    /// <summary>The header value of basic authentication with a registry; null for anonymous.</summary>
    public static string? BasicFor(string host, Credentials credentials)
    {
        if (credentials.File(DockerConfig) is { } json && FromDockerConfig(json, host) is { } basic)
            return basic;
        return credentials.File("username") is { } user ? HttpCredentials.Basic(user, credentials.File("password") ?? "") : null;
    }

    private static string? FromDockerConfig(string json, string host)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var entry in document.RootElement.GetProperty("auths").EnumerateObject())
            {
                if (HostOf(entry.Name) == host)
                    return Basic(entry.Value);
            }
            return null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FailureException(TerminationReasons.InvalidOptions, $"The credentials' key {DockerConfig} is not as 'kubectl create secret docker-registry' makes it: {e.Message}");
        }
    }

    /// <summary>Tools write the registry with and without a scheme and a path.</summary>
    private static string HostOf(string registry)
    {
        var start = registry.IndexOf("://", StringComparison.Ordinal);
        return (start < 0 ? registry : registry[(start + 3)..]).Split('/')[0];
    }

    private static string? Basic(JsonElement entry)
    {
        if (entry.TryGetProperty("auth", out var auth) && auth.GetString() is { Length: > 0 } both)
        {
            // Checks that it is one, so that a mistake is found here and not by the registry.
            _ = Encoding.UTF8.GetString(Convert.FromBase64String(both));
            return $"Basic {both}";
        }
        return entry.TryGetProperty("username", out var user) && user.GetString() is { } name
            ? HttpCredentials.Basic(name, entry.TryGetProperty("password", out var password) ? password.GetString() ?? "" : "")
            : null;
    }
}
