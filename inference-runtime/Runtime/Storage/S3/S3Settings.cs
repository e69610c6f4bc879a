using Sluice.Contract;

namespace Sluice.Runtime.Storage.S3;

/// <summary>Where S3 is, by the names that AWS's tools and KServe use.</summary>
internal sealed record S3Settings
{
    public required Uri Endpoint { get; init; }

    public required string Region { get; init; }

    /// <summary>Whether the bucket is the path's first part, rather than the host's.</summary>
    public required bool PathStyle { get; init; }

    /// <summary>Whether requests go out unsigned even when there are keys.</summary>
    public required bool Anonymous { get; init; }

    public static S3Settings From(Credentials credentials)
    {
        if (Flag(credentials, "S3_VERIFY_SSL", "s3-verifyssl") == false)
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions, "S3_VERIFY_SSL=0 is not supported: certificates are always checked. Use http:// within a trusted network, or a trusted certificate.");
        }
        var region = credentials.Get("AWS_REGION", "AWS_DEFAULT_REGION", "s3-region") ?? "us-east-1";
        var endpoint = credentials.Get("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "S3_ENDPOINT", "s3-endpoint");
        var https = Flag(credentials, "S3_USE_HTTPS", "s3-usehttps") ?? true;
        return new S3Settings
        {
            Endpoint = endpoint is null ? new Uri($"https://s3.{region}.amazonaws.com") : Parse(endpoint, https),
            Region = region,
            PathStyle = !(Flag(credentials, "S3_USE_VIRTUAL_BUCKET", "s3-usevirtualbucket") ?? endpoint is null),
            Anonymous = Flag(credentials, "awsAnonymousCredential", "AWS_ANONYMOUS_CREDENTIAL", "s3-useanoncredential") ?? false,
        };
    }

    /// <param name="bucket">Whose.</param>
    /// <param name="key">Empty for the bucket itself.</param>
    /// <param name="query">Escaped, ordered by name, without '?'.</param>
    public Uri Address(string bucket, string key, string query = "")
    {
        // A bucket with dots has no certificate as a host.
        var inPath = PathStyle || bucket.Contains('.');
        var escaped = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        var host = inPath ? Endpoint.Authority : $"{bucket}.{Endpoint.Authority}";
        var path = (inPath ? $"{Endpoint.AbsolutePath.TrimEnd('/')}/{bucket}/" : $"{Endpoint.AbsolutePath.TrimEnd('/')}/") + escaped;
        return new Uri($"{Endpoint.Scheme}://{host}{path}{(query.Length > 0 ? "?" : "")}{query}");
    }

    private static Uri Parse(string endpoint, bool https)
    {
        var whole = endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{(https ? "https" : "http")}://{endpoint}";
        return Uri.TryCreate(whole, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FailureException(TerminationReasons.InvalidOptions, $"The S3 endpoint \"{endpoint}\" is not an address; write https://HOST[:PORT].");
    }

    private static bool? Flag(Credentials credentials, params ReadOnlySpan<string> names) => credentials.Get(names)?.ToLowerInvariant() switch
    {
        null => null,
        "1" or "true" or "yes" => true,
        "0" or "false" or "no" => false,
        var other => throw new FailureException(TerminationReasons.InvalidOptions, $"{string.Join(" or ", names)} is \"{other}\"; write true or false."),
    };
}
