using System.Net;
using System.Security.Cryptography;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;
using WebRequest = Sluice.Runtime.Storage.Web.WebRequest;

namespace Sluice.Runtime.Storage.Oci;

/// <summary>
/// Reads a repository (github.com/opencontainers/distribution-spec), with the token that the registry's challenge asks for
/// (distribution.github.io/distribution/spec/auth/token).
/// </summary>
internal sealed class OciRegistry(WebStorage web, TimeProvider time, Uri endpoint, string repository, string? basic)
{
    private static readonly Dictionary<string, string> Accept = new() { ["Accept"] = string.Join(", ", OciManifest.MediaTypes) };

    private Authorize? authorize;

    /// <summary>Learns what the registry wants to see before it answers.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        using var response = await web.SendAsync(new WebRequest(new Uri(endpoint, "/v2/")) { TakesUnauthorized = true }, cancellation);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
            return;
        foreach (var challenge in response.Headers.WwwAuthenticate)
        {
            if (challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                var request = TokenRequest(challenge.Parameter ?? "");
                authorize = new AccessToken(web, time, () => request, request.Uri.Authority).AuthorizeAsync;
                return;
            }
            if (challenge.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
                authorize = Basic();
        }
    }

    /// <summary>A manifest, which must have the digest by which it is asked for.</summary>
    /// <param name="reference">A tag or sha256:HEX.</param>
    /// <param name="cancellation">Ends it at once.</param>
    public async Task<byte[]> ManifestAsync(string reference, CancellationToken cancellation)
    {
        var manifest = await web.BytesAsync(Request($"manifests/{reference}") with { Headers = Accept }, cancellation);
        var hex = Digest.Hex(SHA256.HashData(manifest));
        return OciAddress.HexOf(reference) is { } wanted && wanted != hex
            ? throw new FailureException(TerminationReasons.DigestMismatch, $"The manifest {reference} of {endpoint.Authority}/{repository} has sha256 {hex}.")
            : manifest;
    }

    public WebRequest Blob(string digest) => Request($"blobs/{digest}") with { Immutable = true };

    private WebRequest Request(string path) => new(new Uri(endpoint, $"/v2/{repository}/{path}"))
    {
        Authorize = authorize,
        Explain = static (_, body) => OciManifest.ErrorOf(body),
    };

    private WebRequest TokenRequest(string parameters)
    {
        var values = OciChallenge.Parse(parameters);
        if (!Uri.TryCreate(values.GetValueOrDefault("realm"), UriKind.Absolute, out var realm)
            || !(realm.Scheme == "https" || (realm.Scheme == "http" && endpoint.Scheme == "http")))
        {
            throw new FailureException(
                TerminationReasons.AccessDenied, $"{endpoint.Authority} wants a token from \"{values.GetValueOrDefault("realm")}\", where none is asked for over {endpoint.Scheme}.");
        }
        var query = $"scope={Uri.EscapeDataString($"repository:{repository}:pull")}"
            + (values.GetValueOrDefault("service") is { } service ? $"&service={Uri.EscapeDataString(service)}" : "");
        return new WebRequest(new UriBuilder(realm) { Query = $"{realm.Query.TrimStart('?')}{(realm.Query.Length > 1 ? "&" : "")}{query}" }.Uri)
        {
            Authorize = Basic(),
            Explain = static (_, body) => OciManifest.ErrorOf(body),
        };
    }

    private Authorize? Basic() => basic is null ? null : (request, _) =>
    {
        request.Headers.TryAddWithoutValidation("Authorization", basic);
        return Task.CompletedTask;
    };
}
