using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Azure;

/// <summary>
/// A blob, or the blobs below a name, as people write them: azure-blob://ACCOUNT/CONTAINER/PATH, KServe's
/// https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH, and wasbs:// or abfss://CONTAINER@HOST/PATH as Hadoop and MLflow do.
/// </summary>
internal sealed record AzureAddress(string Account, Uri Endpoint, string Container, string Key)
{
    /// <summary>The public cloud and its sovereign siblings: credentials go nowhere else by themselves.</summary>
    private static readonly string[] Clouds = ["core.windows.net", "core.usgovcloudapi.net", "core.chinacloudapi.cn"];

    /// <summary>An https address of a blob host; one with a query is signed already and any client can fetch it.</summary>
    public static bool IsBlobHost(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "https", Query: "", UserInfo: "" } && AccountOf(uri.Host) is not null;

    /// <exception cref="FailureException">It is none of these.</exception>
    public static AzureAddress Parse(string address)
    {
        var scheme = StorageSchemes.Of(address);
        var rest = address[(scheme.Length + "://".Length)..];
        var (container, host, path) = scheme switch
        {
            "azure-blob" => Split(rest) is var (account, below) ? (null, $"{account}.blob.{Clouds[0]}", below) : default,
            "https" => Split(rest) is var (blobHost, below) ? (null, blobHost, below) : default,
            _ => AtHost(rest),
        };
        if (container is null)
            (container, path) = Split(path);
        if (AccountOf(host) is not { } name || container.Length == 0 || !container.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '$'))
        {
            throw new FailureException(
                TerminationReasons.InvalidUri,
                $"{address} names no blob: write azure-blob://ACCOUNT/CONTAINER/PATH, https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH or wasbs://CONTAINER@ACCOUNT.blob.core.windows.net/PATH.");
        }
        // An https address is escaped, the others are taken as they stand.
        var key = scheme == "https" ? Uri.UnescapeDataString(path) : path;
        return new AzureAddress(name, new Uri($"https://{host.Replace(".dfs.", ".blob.", StringComparison.Ordinal)}"), container, ObjectArtifact.Checked(address, key));
    }

    private static (string? Container, string Host, string Path) AtHost(string rest)
    {
        var (authority, path) = Split(rest);
        var at = authority.IndexOf('@');
        return at < 0 ? ("", authority, path) : (authority[..at], authority[(at + 1)..], path);
    }

    private static string? AccountOf(string host)
    {
        var dot = host.IndexOf('.');
        return dot > 0 && host[..dot].All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            && Clouds.Any(c => host[(dot + 1)..] == $"blob.{c}" || host[(dot + 1)..] == $"dfs.{c}")
            ? host[..dot]
            : null;
    }

    private static (string First, string Below) Split(string path)
    {
        var slash = path.IndexOf('/');
        return slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
    }
}
