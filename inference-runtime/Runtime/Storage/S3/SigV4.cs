using System.Security.Cryptography;
using System.Text;

namespace Sluice.Runtime.Storage.S3;

/// <summary>What signs requests.</summary>
/// <param name="AccessKeyId">Who.</param>
/// <param name="SecretAccessKey">Known to both sides.</param>
/// <param name="SessionToken">Belongs to temporary keys.</param>
internal sealed record AwsKeys(string AccessKeyId, string SecretAccessKey, string? SessionToken = null);

/// <summary>
/// AWS Signature Version 4 in headers, for requests without a body (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
/// </summary>
internal static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>SHA-256 of nothing.</summary>
    private const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>The URI must be escaped as <see cref="Uri.EscapeDataString(string)"/> does, its query ordered by name.</summary>
    public static void Sign(HttpRequestMessage request, AwsKeys keys, string region, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'");
        request.Headers.TryAddWithoutValidation("x-amz-date", time);
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", EmptyHash);
        if (keys.SessionToken is { } token)
            request.Headers.TryAddWithoutValidation("x-amz-security-token", token);
        var uri = request.RequestUri!;
        var headers = Headers(request, uri);
        var names = string.Join(';', headers.Keys);
        var canonical = string.Join(
            '\n',
            request.Method.Method,
            uri.AbsolutePath,
            uri.Query.TrimStart('?'),
            string.Concat(headers.Select(static h => $"{h.Key}:{h.Value}\n")),
            names,
            EmptyHash);
        var scope = $"{time[..8]}/{region}/s3/aws4_request";
        var toSign = $"{Algorithm}\n{time}\n{scope}\n{Digest.Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signature = Digest.Hex(Hmac(SigningKey(keys.SecretAccessKey, time[..8], region), toSign));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={keys.AccessKeyId}/{scope},SignedHeaders={names},Signature={signature}");
    }

    private static SortedDictionary<string, string> Headers(HttpRequestMessage request, Uri uri)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = uri.Authority };
        foreach (var (name, values) in request.Headers)
        {
            var lower = name.ToLowerInvariant();
            if (lower == "range" || lower.StartsWith("x-amz-", StringComparison.Ordinal))
                headers[lower] = string.Join(',', values).Trim();
        }
        return headers;
    }

    private static byte[] SigningKey(string secret, string date, string region)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (string[])[date, region, "s3", "aws4_request"])
            key = Hmac(key, part);
        return key;
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
