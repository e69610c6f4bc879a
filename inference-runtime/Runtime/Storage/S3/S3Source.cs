using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.S3;

/// <summary>
/// s3://BUCKET/KEY: an object, or all objects below KEY/. Signed by hand, because AWSSDK.S3 would weigh more than the
/// whole program and would bring a second way of retrying, resuming and timing out.
/// </summary>
internal sealed class S3Source(WebStorage web, Credentials credentials, TimeProvider time) : IModelSource
{
    private sealed record Place(S3Settings Settings, AwsIdentity Identity, string Bucket)
    {
        public required TimeProvider Time { get; init; }

        public WebRequest Object(string key) => Request(Settings.Address(Bucket, key));

        public WebRequest Request(Uri uri) => new(uri) { Authorize = AuthorizeAsync, Explain = S3Source.Explain };

        private async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            if (await Identity.KeysAsync(cancellation) is { } keys)
                SigV4.Sign(request, keys, Settings.Region, Time.GetUtcNow());
        }
    }

    public IReadOnlyList<string> Schemes { get; } = ["s3"];

    public async Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var (bucket, key) = Parse(address);
        var settings = S3Settings.From(credentials);
        var place = new Place(settings, new AwsIdentity(web, credentials, time, settings), bucket) { Time = time };
        FailureException? asObject = null;
        if (key.Length > 0 && !key.EndsWith('/'))
        {
            try
            {
                return [await ObjectAsync(place, key, cancellation)];
            }
            catch (FailureException e) when (e.Reason is not TerminationReasons.InvalidOptions)
            {
                asObject = e;
            }
        }
        return await BelowAsync(place, address, key, asObject, cancellation);
    }

    /// <summary>S3's reason, and the region of a bucket that is asked in a wrong one.</summary>
    internal static string? Explain(HttpResponseMessage response, string body)
    {
        var code = XmlRecords.First(body, "Code");
        var region = response.Headers.TryGetValues("x-amz-bucket-region", out var regions)
            ? $"the bucket is in the region {regions.First()}; AWS_DEFAULT_REGION or AWS_ENDPOINT_URL must say so"
            : null;
        // Forbidden answers name the right region too.
        region = code is "AccessDenied" or "NoSuchKey" or "SignatureDoesNotMatch" or "InvalidAccessKeyId" ? null : region;
        return string.Join(", ", ((string?[])[code, XmlRecords.First(body, "Message"), region]).Where(static t => t is not null));
    }

    private async Task<SourceFile> ObjectAsync(Place place, string key, CancellationToken cancellation)
    {
        long? size;
        using (var head = await web.SendAsync(place.Object(key) with { Method = HttpMethod.Head }, cancellation))
            size = head.Content.Headers.ContentLength;
        var name = RemoteFiles.NameOf(key[(key.LastIndexOf('/') + 1)..]);
        return await RemoteFiles.OneAsync(web, new RemoteFile(name, size, place.Object(key)), place.Object(key + ".sha256"), cancellation);
    }

    private async Task<IReadOnlyList<SourceFile>> BelowAsync(
        Place place, string address, string key, FailureException? asObject, CancellationToken cancellation)
    {
        var prefix = key.Length == 0 || key.EndsWith('/') ? key : key + '/';
        List<RemoteFile> files;
        try
        {
            files = await ListAsync(place, address, prefix, cancellation);
        }
        // Without the right to list, what was said of the object itself is what counts.
        catch (FailureException e) when (asObject?.Reason == TerminationReasons.NotFound && e.Reason == TerminationReasons.AccessDenied)
        {
            throw asObject;
        }
        if (files.Count == 0 && asObject is { Reason: not TerminationReasons.NotFound })
            throw asObject;
        return await RemoteFiles.AllAsync(web, address, files, cancellation);
    }

    private async Task<List<RemoteFile>> ListAsync(Place place, string address, string prefix, CancellationToken cancellation)
    {
        var files = new List<RemoteFile>();
        string? next = null;
        do
        {
            // Ordered by name, as the signature wants it.
            var query = (next is null ? "" : $"continuation-token={Uri.EscapeDataString(next)}&")
                + $"list-type=2&prefix={Uri.EscapeDataString(prefix)}";
            var xml = await web.TextAsync(place.Request(place.Settings.Address(place.Bucket, "", query)), cancellation);
            foreach (var found in XmlRecords.All(xml, "Contents"))
            {
                if (found.GetValueOrDefault("Key") is { } key && !key.EndsWith('/') && key.StartsWith(prefix, StringComparison.Ordinal))
                    files.Add(new RemoteFile(key[prefix.Length..], long.TryParse(found.GetValueOrDefault("Size"), out var size) ? size : null, place.Object(key)));
            }
            next = XmlRecords.First(xml, "NextContinuationToken");
        }
        while (next is not null && files.Count <= ArtifactPath.MostFiles);
        ArtifactPath.Check(address, [.. files.Select(static f => f.Path)]);
        return files;
    }

    private static (string Bucket, string Key) Parse(string address)
    {
        var rest = address["s3://".Length..];
        var slash = rest.IndexOf('/');
        var (bucket, key) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (bucket.Length == 0 || !bucket.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            throw new FailureException(TerminationReasons.InvalidUri, $"{address} names no bucket: write s3://BUCKET/KEY.");
        // The URI of a request would lose such parts.
        return key.Length == 0 || ArtifactPath.IsSafe(key.TrimEnd('/'))
            ? (bucket, key)
            : throw new FailureException(TerminationReasons.InvalidUri, $"{address}: the key has an empty, \".\" or \"..\" part, which is not supported.");
    }
}
