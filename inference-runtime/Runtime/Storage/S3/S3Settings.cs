using Amazon.Runtime;
using Amazon.S3;
using Sluice.Contract;

namespace Sluice.Runtime.Storage.S3;

/// <summary>Where S3 is, by the names that AWS's tools and KServe use.</summary>
internal sealed record S3Settings
{
    /// <summary>Null for AWS's own.</summary>
    public required Uri? Endpoint { get; init; }

    public required string Region { get; init; }

    /// <summary>Whether the bucket is the path's first part, rather than the host's.</summary>
    public required bool PathStyle { get; init; }

    /// <summary>Whether requests go out unsigned even when there are keys.</summary>
    public required bool Anonymous { get; init; }

    /// <summary>Whom to name when it cannot be reached.</summary>
    public Uri Shown => Endpoint ?? new Uri($"https://s3.{Region}.amazonaws.com");

    public static S3Settings From(Credentials credentials)
    {
        if (credentials.Flag("S3_VERIFY_SSL", "s3-verifyssl") == false)
        {
            throw new FailureException(
                TerminationReasons.InvalidOptions, "S3_VERIFY_SSL=0 is not supported: certificates are always checked. Use http:// within a trusted network, or a trusted certificate.");
        }
        var endpoint = credentials.Get("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "S3_ENDPOINT", "s3-endpoint");
        var https = credentials.Flag("S3_USE_HTTPS", "s3-usehttps") ?? true;
        return new S3Settings
        {
            Endpoint = endpoint is null ? null : Parse(endpoint, https),
            Region = credentials.Get("AWS_REGION", "AWS_DEFAULT_REGION", "s3-region") ?? "us-east-1",
            PathStyle = !(credentials.Flag("S3_USE_VIRTUAL_BUCKET", "s3-usevirtualbucket") ?? endpoint is null),
            Anonymous = credentials.Flag("awsAnonymousCredential", "AWS_ANONYMOUS_CREDENTIAL", "s3-useanoncredential") ?? false,
        };
    }

    public AmazonS3Config Config(AwsTransport transport)
    {
        var config = transport.Configure(new AmazonS3Config { ForcePathStyle = PathStyle }, Endpoint, Region);
        // Digests tell what arrived, and servers other than AWS's know no checksums.
        config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        return config;
    }

    private static Uri Parse(string endpoint, bool https)
    {
        var whole = endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{(https ? "https" : "http")}://{endpoint}";
        return Uri.TryCreate(whole, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FailureException(TerminationReasons.InvalidOptions, $"The S3 endpoint \"{endpoint}\" is not an address; write https://HOST[:PORT].");
    }
}
