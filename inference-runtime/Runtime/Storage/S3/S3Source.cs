using Amazon.S3;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.S3;

/// <summary>s3://BUCKET/KEY: an object, or all objects below KEY/.</summary>
internal sealed class S3Source(WebStorage web, Credentials credentials) : IModelSource
{
    public IReadOnlyList<string> Schemes { get; } = ["s3"];

    public Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var (name, key) = ObjectArtifact.Parse(address);
        var settings = S3Settings.From(credentials);
        // It lives as long as the files that are found, which is as long as this process.
        var client = new AmazonS3Client(AwsIdentity.From(credentials, settings, web), settings.Config(new AwsTransport(web)));
        return new ObjectArtifact(web.Patience, new S3Bucket(web, settings, client, name)).FindAsync(address, key, cancellation);
    }
}
