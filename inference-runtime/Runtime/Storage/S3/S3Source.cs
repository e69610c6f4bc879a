using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.S3;

/// <summary>
/// s3://BUCKET/KEY: an object, or all objects below KEY/. Signed by hand, because AWSSDK.S3 would weigh more than the
/// whole program and would bring a second way of retrying, resuming and timing out.
/// </summary>
internal sealed class S3Source(WebStorage web, Credentials credentials, TimeProvider time) : IModelSource
{
    private sealed record Bucket(WebStorage Web, S3Settings Settings, AwsIdentity Identity, string Name, TimeProvider Time) : IObjectStore
    {
        public WebRequest Get(string key) => Request(Settings.Address(Name, key));

        public async Task<StoredObject> FindAsync(string key, CancellationToken cancellation)
        {
            using var head = await Web.SendAsync(Get(key) with { Method = HttpMethod.Head }, cancellation);
            return new StoredObject(key, head.Content.Headers.ContentLength, Get(key));
        }

        public async Task<ObjectPage> ListAsync(string prefix, string? page, CancellationToken cancellation)
        {
            // Ordered by name, as the signature wants it.
            var query = (page is null ? "" : $"continuation-token={Uri.EscapeDataString(page)}&")
                + $"list-type=2&prefix={Uri.EscapeDataString(prefix)}";
            var xml = await Web.TextAsync(Request(Settings.Address(Name, "", query)), cancellation);
            var objects = new List<StoredObject>();
            foreach (var found in XmlRecords.All(xml, "Contents"))
            {
                if (found.GetValueOrDefault("Key") is { } key)
                    objects.Add(new StoredObject(key, long.TryParse(found.GetValueOrDefault("Size"), out var size) ? size : null, Get(key)));
            }
            return new ObjectPage(objects, XmlRecords.First(xml, "NextContinuationToken"));
        }

        private WebRequest Request(Uri uri) => new(uri) { Authorize = AuthorizeAsync, Explain = S3Source.Explain };

        private async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            if (await Identity.KeysAsync(cancellation) is { } keys)
                SigV4.Sign(request, keys, Settings.Region, Time.GetUtcNow());
        }
    }

    public IReadOnlyList<string> Schemes { get; } = ["s3"];

    public Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var (name, key) = ObjectArtifact.Parse(address);
        var settings = S3Settings.From(credentials);
        var bucket = new Bucket(web, settings, new AwsIdentity(web, credentials, time, settings), name, time);
        return new ObjectArtifact(web, bucket).FindAsync(address, key, cancellation);
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
}
