using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Azure;

/// <summary>
/// Blobs over Azure Storage's REST API (learn.microsoft.com/rest/api/storageservices): one, or all below a name. A data lake
/// (abfss) is the same account's blobs.
/// </summary>
internal sealed class AzureSource(WebStorage web, Credentials credentials, TimeProvider time) : IModelSource
{
    private static readonly Dictionary<string, string> Version = new() { ["x-ms-version"] = "2021-12-02" };

    private sealed record Container(WebStorage Web, AzureAccess Access, string Name) : IObjectStore
    {
        public OpenFile Get(string key) => Web.Opening(Blob(key));

        public async Task<StoredObject> FindAsync(string key, CancellationToken cancellation)
        {
            using var head = await Web.SendAsync(Blob(key) with { Method = HttpMethod.Head }, cancellation);
            // In a data lake, folders are there as empty blobs.
            if (head.Headers.Contains("x-ms-meta-hdi_isfolder"))
                throw new FailureException(TerminationReasons.NotFound, $"{Blob(key).Shown} is a folder.");
            return new StoredObject(key, head.Content.Headers.ContentLength, Get(key));
        }

        public async Task<ObjectPage> ListAsync(string prefix, string? page, CancellationToken cancellation)
        {
            var query = $"restype=container&comp=list&prefix={Uri.EscapeDataString(prefix)}" + (page is null ? "" : $"&marker={Uri.EscapeDataString(page)}");
            var xml = await Web.TextAsync(Request(Access.Address(Name, "", query)), cancellation);
            var blobs = new List<StoredObject>();
            foreach (var found in XmlRecords.All(xml, "Blob"))
            {
                if (found.GetValueOrDefault("Name") is { } key && found.GetValueOrDefault("ResourceType") != "directory")
                    blobs.Add(new StoredObject(key, long.TryParse(found.GetValueOrDefault("Content-Length"), out var size) ? size : null, Get(key)));
            }
            return new ObjectPage(blobs, XmlRecords.First(xml, "NextMarker") is { Length: > 0 } next ? next : null);
        }

        private WebRequest Blob(string key) => Request(Access.Address(Name, key));

        private WebRequest Request(Uri uri) => new(uri) { Authorize = Access.Authorize, Headers = Version, Explain = AzureSource.Explain };
    }

    public IReadOnlyList<string> Schemes { get; } = ["azure-blob", "wasbs", "abfss"];

    public bool Serves(string address) => Schemes.Contains(StorageSchemes.Of(address)) || AzureAddress.IsBlobHost(address);

    public Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var place = AzureAddress.Parse(address);
        var access = AzureAccess.From(place, credentials, web, time);
        return new ObjectArtifact(web.Patience, new Container(web, access, place.Container)).FindAsync(address, place.Key, cancellation);
    }

    private static string? Explain(HttpResponseMessage response, string body)
    {
        var code = response.Headers.TryGetValues("x-ms-error-code", out var codes) ? codes.First() : XmlRecords.First(body, "Code");
        // The message goes on with a request id and a time on lines of their own.
        var message = XmlRecords.First(body, "Message")?.Split('\n')[0];
        return string.Join(", ", new[] { code, message }.Where(static t => t is not null));
    }
}
