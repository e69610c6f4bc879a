using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Azure;

/// <summary>
/// An application of Entra ID, which shows a secret or the pod's own service account token (workload identity) to get a token
/// (learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).
/// </summary>
internal static class AzureIdentity
{
    private const string Authority = "https://login.microsoftonline.com";

    /// <summary>Null when none is given: anonymous.</summary>
    public static Authorize? From(Credentials credentials, WebStorage web, TimeProvider time)
    {
        var client = credentials.Get("AZURE_CLIENT_ID", "AZ_CLIENT_ID");
        var tenant = credentials.Get("AZURE_TENANT_ID", "AZ_TENANT_ID");
        var secret = credentials.Get("AZURE_CLIENT_SECRET", "AZ_CLIENT_SECRET");
        var tokenFile = credentials.Get("AZURE_FEDERATED_TOKEN_FILE");
        if (secret is null && tokenFile is null)
            return null;
        if (client is null || tenant is null)
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions,
                $"The credentials have {(secret is null ? "AZURE_FEDERATED_TOKEN_FILE" : "AZURE_CLIENT_SECRET")} without AZURE_CLIENT_ID and AZURE_TENANT_ID; set all three.");
        }
        var authority = credentials.Get("AZURE_AUTHORITY_HOST") ?? Authority;
        if (!Uri.TryCreate($"{authority.TrimEnd('/')}/{Uri.EscapeDataString(tenant)}/oauth2/v2.0/token", UriKind.Absolute, out var endpoint))
            throw new FailureException(TerminationReasons.InvalidOptions, $"AZURE_AUTHORITY_HOST is \"{authority}\"; write https://HOST.");
        return new AccessToken(web, time, () => Request(endpoint, client, secret, tokenFile), endpoint.Host).AuthorizeAsync;
    }

    /// <summary>The token file is read each time: the kubelet renews it.</summary>
    private static WebRequest Request(Uri endpoint, string client, string? secret, string? tokenFile)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["scope"] = "https://storage.azure.com/.default",
        };
        if (secret is not null)
        {
            form["client_secret"] = secret;
        }
        else
        {
            if (!File.Exists(tokenFile))
                throw new FailureException(TerminationReasons.InvalidOptions, $"AZURE_FEDERATED_TOKEN_FILE names {tokenFile}, which is not there.");
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            form["client_assertion"] = File.ReadAllText(tokenFile).Trim();
        }
        return new WebRequest(endpoint)
        {
            Method = HttpMethod.Post,
            Content = () => new FormUrlEncodedContent(form),
            Explain = static (_, body) => JsonAnswer.TextOf(body, "error_description") ?? JsonAnswer.TextOf(body, "error"),
        };
    }
}
