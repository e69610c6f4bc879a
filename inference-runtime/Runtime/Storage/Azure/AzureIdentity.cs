using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Identity.Client;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Azure;

/// <summary>
/// An application of Entra ID, which shows a secret or the pod's own service account token (workload identity), or the identity of
/// the node (managed identity), to get a token for blobs.
/// </summary>
internal static class AzureIdentity
{
    private const string Scope = "https://storage.azure.com/.default";

    /// <summary>The public cloud and its sovereign siblings, which the library knows without asking.</summary>
    private static readonly Uri[] Clouds = [AzureAuthorityHosts.AzurePublicCloud, AzureAuthorityHosts.AzureGovernment, AzureAuthorityHosts.AzureChina];

    /// <summary>Null when none is given: anonymous.</summary>
    public static Authorize? From(Credentials credentials, WebStorage web)
    {
        if (CredentialFrom(credentials, web) is not { } credential)
            return null;
        var context = new TokenRequestContext([Scope]);
        // The library keeps the token until it is about to end.
        return async (request, cancellation) =>
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await TokenAsync(credential, context, web, cancellation)}");
    }

    private static TokenCredential? CredentialFrom(Credentials credentials, WebStorage web)
    {
        var client = credentials.Get("AZURE_CLIENT_ID", "AZ_CLIENT_ID");
        var tenant = credentials.Get("AZURE_TENANT_ID", "AZ_TENANT_ID");
        var secret = credentials.Get("AZURE_CLIENT_SECRET", "AZ_CLIENT_SECRET");
        var tokenFile = credentials.Get("AZURE_FEDERATED_TOKEN_FILE");
        if (secret is null && tokenFile is null)
            return credentials.Flag("AZURE_USE_MANAGED_IDENTITY") is true ? OfNode(client, web) : null;
        if (client is null || tenant is null)
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions,
                $"The credentials have {(secret is null ? "AZURE_FEDERATED_TOKEN_FILE" : "AZURE_CLIENT_SECRET")} without AZURE_CLIENT_ID and AZURE_TENANT_ID; set all three.");
        }
        var authority = Authority(credentials.Get("AZURE_AUTHORITY_HOST"));
        // Only the clouds themselves can tell who else is one.
        var isElsewhere = !Clouds.Contains(authority);
        if (secret is not null)
        {
            return new ClientSecretCredential(
                tenant, client, secret, Prepared(new ClientSecretCredentialOptions { AuthorityHost = authority, DisableInstanceDiscovery = isElsewhere }, web));
        }
        if (!File.Exists(tokenFile))
            throw new FailureException(TerminationReasons.InvalidOptions, $"AZURE_FEDERATED_TOKEN_FILE names {tokenFile}, which is not there.");
        var options = new WorkloadIdentityCredentialOptions
        {
            AuthorityHost = authority, DisableInstanceDiscovery = isElsewhere, TenantId = tenant, ClientId = client, TokenFilePath = tokenFile,
        };
        return new WorkloadIdentityCredential(Prepared(options, web));
    }

    private static ManagedIdentityCredential OfNode(string? client, WebStorage web) => new(Prepared(
        new ManagedIdentityCredentialOptions(client is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(client)), web));

    /// <summary>With this program's connections and retries instead of the library's own.</summary>
    private static T Prepared<T>(T options, WebStorage web) where T : TokenCredentialOptions
    {
        options.Transport = new HttpClientTransport(web.Client());
        options.Retry.MaxRetries = 0;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        return options;
    }

    private static async Task<string> TokenAsync(TokenCredential credential, TokenRequestContext context, WebStorage web, CancellationToken cancellation)
    {
        try
        {
            return (await web.Patience.WaitAsync(c => credential.GetTokenAsync(context, c).AsTask(), cancellation)).Token;
        }
        catch (AuthenticationFailedException e)
        {
            throw Meaning(e, web.Credentials);
        }
    }

    private static Exception Meaning(AuthenticationFailedException e, Credentials credentials)
    {
        var said = Said(e);
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is FailureException or TransientException)
                return inner;
            if (inner is HttpRequestException || MayPass(inner))
                return new TransientException($"no token was given: {said}", e);
        }
        return new FailureException(TerminationReasons.AccessDenied, $"No token was given: {said} {credentials.Advice}");
    }

    /// <summary>In the cloud's words, where it said something: around them are the libraries' own advice and, on further lines, ids.</summary>
    private static string Said(AuthenticationFailedException e)
    {
        const string quotes = "Original exception: ";
        var text = (e.InnerException as MsalServiceException)?.Message ?? e.Message;
        var start = text.IndexOf(quotes, StringComparison.Ordinal);
        return text[(start < 0 ? 0 : start + quotes.Length)..].Split('\n')[0].Trim();
    }

    private static bool MayPass(Exception e)
    {
        var status = (e as MsalServiceException)?.StatusCode ?? (e as global::Azure.RequestFailedException)?.Status ?? 0;
        return (HttpStatusCode)status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
    }

    private static Uri Authority(string? host)
    {
        if (host is null)
            return AzureAuthorityHosts.AzurePublicCloud;
        return Uri.TryCreate(host, UriKind.Absolute, out var uri) && uri.Scheme == "https"
            ? uri
            : throw new FailureException(TerminationReasons.InvalidOptions, $"AZURE_AUTHORITY_HOST is \"{host}\"; write https://HOST.");
    }
}
