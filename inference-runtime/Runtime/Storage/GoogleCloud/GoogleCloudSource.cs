using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.GoogleCloud;

/// <summary>
/// gs://BUCKET/NAME over Cloud Storage's JSON API (cloud.google.com/storage/docs/json_api): an object, or all below NAME/.
/// Each object is read at the generation that was listed, so that its replacement meanwhile cannot mix two.
/// </summary>
internal sealed class GoogleCloudSource(WebStorage web, Credentials credentials, TimeProvider time) : IModelSource
{
    /// <summary>As stored: an object that was uploaded compressed must not be unpacked on the way, which would change its size.</summary>
    private static readonly Dictionary<string, string> AsStored = new() { ["Accept-Encoding"] = "gzip" };

    private sealed record Bucket(WebStorage Web, Uri Endpoint, Authorize? Authorize, string Name) : IObjectStore
    {
        public OpenFile Get(string key) => Web.Opening(Media(key, generation: null));

        public async Task<StoredObject> FindAsync(string key, CancellationToken cancellation)
        {
            var about = await Web.BytesAsync(Request($"/o/{Uri.EscapeDataString(key)}?fields=name,size,generation"), cancellation);
            return JsonAnswer.Read(about, $"what the storage says of {key}", json => Read(json, key));
        }

        public async Task<ObjectPage> ListAsync(string prefix, string? page, CancellationToken cancellation)
        {
            var query = $"/o?prefix={Uri.EscapeDataString(prefix)}&fields=nextPageToken,items(name,size,generation)"
                + (page is null ? "" : $"&pageToken={Uri.EscapeDataString(page)}");
            var listing = await Web.BytesAsync(Request(query), cancellation);
            return JsonAnswer.Read(listing, "the bucket's listing", json => new ObjectPage(
                [.. json.Items("items").Select(i => Read(i, i.GetProperty("name").GetString()!))], json.Text("nextPageToken")));
        }

        private StoredObject Read(System.Text.Json.JsonElement json, string key) =>
            new(key, long.TryParse(json.Text("size"), out var size) ? size : null, Web.Opening(Media(key, json.Text("generation"))));

        private WebRequest Media(string key, string? generation) =>
            Request($"/o/{Uri.EscapeDataString(key)}?alt=media{(generation is null ? "" : $"&generation={Uri.EscapeDataString(generation)}")}") with
            {
                Headers = AsStored,
                Immutable = generation is not null,
            };

        private WebRequest Request(string pathAndQuery) =>
            new(new Uri(Endpoint, $"/storage/v1/b/{Uri.EscapeDataString(Name)}{pathAndQuery}"))
            {
                Authorize = Authorize,
                Explain = static (_, body) => JsonAnswer.TextOf(body, "error", "message"),
            };
    }

    public IReadOnlyList<string> Schemes { get; } = ["gs"];

    public Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var (name, key) = ObjectArtifact.Parse(address);
        return new ObjectArtifact(web.Patience, new Bucket(web, Endpoint(), Access(), name)).FindAsync(address, key, cancellation);
    }

    private Authorize? Access() => GoogleIdentity.From(credentials) is { } identity
        ? new AccessToken(web, time, () => identity.TokenRequest(time.GetUtcNow()), identity.TokenUri.Host).AuthorizeAsync
        : null;

    /// <summary>Google's, or an emulator by the variable that Google's libraries take.</summary>
    private Uri Endpoint()
    {
        var endpoint = credentials.Get("STORAGE_EMULATOR_HOST") ?? "https://storage.googleapis.com";
        var whole = endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"http://{endpoint}";
        return Uri.TryCreate(whole, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FailureException(TerminationReasons.InvalidOptions, $"STORAGE_EMULATOR_HOST is \"{endpoint}\"; write http://HOST:PORT.");
    }
}
