using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Azure;

/// <summary>Where an account's blobs are and what its requests carry, by the names of Azure's tools and of KServe.</summary>
/// <param name="Endpoint">Without the container; may have a path, as the emulator's has.</param>
/// <param name="Authorize">Signs, or adds a token; null when a shared access signature or nothing is needed.</param>
/// <param name="Signature">A shared access signature for the query, without '?'; null when there is none.</param>
internal sealed record AzureAccess(Uri Endpoint, Authorize? Authorize, string? Signature)
{
    public static AzureAccess From(AzureAddress address, Credentials credentials, WebStorage web, TimeProvider time)
    {
        var connection = Connection(credentials.Get("AZURE_STORAGE_CONNECTION_STRING"));
        if (connection.GetValueOrDefault("AccountName") is { } account && account != address.Account)
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions, $"AZURE_STORAGE_CONNECTION_STRING is for the account {account}, but the address names {address.Account}.");
        }
        var endpoint = credentials.Get("AZURE_STORAGE_SERVICE_ENDPOINT") ?? connection.GetValueOrDefault("BlobEndpoint");
        var signature = credentials.Get("AZURE_STORAGE_SAS_TOKEN") ?? connection.GetValueOrDefault("SharedAccessSignature");
        var key = credentials.Get("AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCESS_KEY") ?? connection.GetValueOrDefault("AccountKey");
        return new AzureAccess(
            endpoint is null ? address.Endpoint : Parse(endpoint),
            signature is not null ? null : key is not null ? Signing(address.Account, key, time) : AzureIdentity.From(credentials, web),
            signature?.TrimStart('?'));
    }

    /// <summary>With the name escaped part by part.</summary>
    /// <param name="container">Of the account.</param>
    /// <param name="key">Empty for the container itself.</param>
    /// <param name="query">Escaped, without '?'.</param>
    public Uri Address(string container, string key, string query = "")
    {
        var path = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        var all = string.Join('&', new[] { query, Signature }.Where(static q => !string.IsNullOrEmpty(q)));
        return new Uri($"{Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{container}{(path.Length > 0 ? "/" : "")}{path}{(all.Length > 0 ? "?" : "")}{all}");
    }

    private static Authorize Signing(string account, string key, TimeProvider time)
    {
        byte[] secret;
        try
        {
            secret = Convert.FromBase64String(key);
        }
        catch (FormatException)
        {
            throw new FailureException(TerminationReasons.InvalidOptions, "The account key (AZURE_STORAGE_KEY, AZURE_STORAGE_ACCESS_KEY or AccountKey) is not base64.");
        }
        return (request, _) =>
        {
            SharedKey.Sign(request, account, secret, time.GetUtcNow());
            return Task.CompletedTask;
        };
    }

    private static Dictionary<string, string> Connection(string? text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=');
            if (equals <= 0)
                throw new FailureException(TerminationReasons.InvalidOptions, "AZURE_STORAGE_CONNECTION_STRING is not NAME=VALUE;NAME=VALUE;…");
            parts[part[..equals]] = part[(equals + 1)..];
        }
        return parts;
    }

    private static Uri Parse(string endpoint) => Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri
        : throw new FailureException(TerminationReasons.InvalidOptions, $"The endpoint of the blobs \"{endpoint}\" is not an address; write https://HOST.");
}
