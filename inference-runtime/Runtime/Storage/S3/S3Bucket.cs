using Amazon.S3;
using Amazon.S3.Model;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.S3;

/// <summary>One bucket, through AWS's library.</summary>
internal sealed class S3Bucket(WebStorage web, S3Settings settings, AmazonS3Client client, string name) : IObjectStore
{
    public OpenFile Get(string key) => (from, cancellation) => OpenAsync(key, from, cancellation);

    public async Task<StoredObject> FindAsync(string key, CancellationToken cancellation)
    {
        var found = await CallAsync(key, c => client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = name, Key = key }, c), cancellation);
        return Stored(key, found.ContentLength);
    }

    public async Task<ObjectPage> ListAsync(string prefix, string? page, CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = name, Prefix = prefix, ContinuationToken = page };
        var found = await CallAsync(prefix, c => client.ListObjectsV2Async(request, c), cancellation);
        return new ObjectPage(
            [.. (found.S3Objects ?? []).Select(o => Stored(o.Key, o.Size))],
            string.IsNullOrEmpty(found.NextContinuationToken) ? null : found.NextContinuationToken);
    }

    /// <summary>An empty object has no first byte to ask for, and some servers break off when they are asked.</summary>
    private StoredObject Stored(string key, long? size) =>
        new(key, size, size == 0 ? static (_, _) => Task.FromResult(new Opened(Stream.Null, Length: 0)) : Get(key));

    /// <summary>
    /// Always by a range, if only of the whole: without one the library takes the tag for an MD5, which servers other than AWS's do not
    /// promise, and computes one. What arrives is held to SHA-256.
    /// </summary>
    private async Task<Opened> OpenAsync(string key, Resume from, CancellationToken cancellation)
    {
        var offset = from.Validator is null ? 0 : from.Offset;
        var request = new GetObjectRequest { BucketName = name, Key = key, ByteRange = new ByteRange($"bytes={offset}-"), EtagToMatch = offset > 0 ? from.Validator : null };
        GetObjectResponse response;
        try
        {
            response = await CallAsync(key, c => client.GetObjectAsync(request, c), cancellation);
        }
        catch (TransientException e) when (e.StartAnew)
        {
            // It is another object now; and of an empty one there is no first byte.
            return offset > 0 ? await OpenAsync(key, default, cancellation) : new Opened(Stream.Null, Length: 0);
        }
        var tag = response.ETag is { Length: > 0 } etag && !etag.StartsWith("W/", StringComparison.Ordinal) ? etag : null;
        var (begins, length) = Range(response.ContentRange) ?? (0, response.ContentLength);
        // A server may send the whole instead, and not every one knows If-Match.
        if (begins > 0 && (begins != offset || (tag is not null && tag != from.Validator)))
        {
            response.Dispose();
            return await OpenAsync(key, default, cancellation);
        }
        return new Opened(new HttpBody(response, response.ResponseStream, response.ContentLength), begins, tag, length) { MediaType = response.Headers.ContentType };
    }

    /// <summary>Where "bytes FROM-TO/ALL" begins, and how long the whole is; null without one.</summary>
    private static (long From, long? All)? Range(string? range) =>
        System.Net.Http.Headers.ContentRangeHeaderValue.TryParse(range, out var parsed) && parsed.From is { } from ? (from, parsed.Length) : null;

    private Task<T> CallAsync<T>(string key, Func<CancellationToken, Task<T>> call, CancellationToken cancellation) =>
        AwsCalls.RunAsync(web, Shown(key), settings.Shown, call, TerminationReasons.Unreachable, cancellation);

    private string Shown(string key) => $"s3://{name}/{key}{(settings.Endpoint is { } endpoint ? $" on {endpoint.Authority}" : "")}";
}
