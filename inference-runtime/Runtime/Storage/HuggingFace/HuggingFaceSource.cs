using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.HuggingFace;

/// <summary>
/// hf://ORG/REPO[@REVISION][/PATH] over the Hub's REST API (huggingface.co/docs/hub/api): a file, or all below a folder.
/// The Hub lists the SHA-256 of every large file, which is then what must arrive.
/// </summary>
internal sealed class HuggingFaceSource(WebStorage web, Credentials credentials) : IModelSource
{
    private sealed record Place(string Repository, string Revision, string Path);

    private sealed record Entry(string Path, long? Size, string? Sha256);

    public IReadOnlyList<string> Schemes { get; } = ["hf"];

    public async Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var place = Parse(address);
        var endpoint = Endpoint();
        var entries = await ListAsync(endpoint, place, cancellation);
        var below = place.Path.Length == 0 ? "" : place.Path + '/';
        var alone = entries.FirstOrDefault(e => e.Path == place.Path);
        var found = alone is null ? entries.Where(e => e.Path.StartsWith(below, StringComparison.Ordinal)).ToList() : [alone];
        if (found.Count == 0)
            throw new FailureException(TerminationReasons.NotFound, $"There is nothing at {address}; the repository has {Some(entries)}.");
        var prefix = alone is null ? below.Length : place.Path.LastIndexOf('/') + 1;
        // Before any request is made of these paths.
        ArtifactPath.Check(address, [.. found.Select(e => e.Path[prefix..])]);
        return [.. found.Select(e => File(endpoint, place, e, e.Path[prefix..]))];
    }

    private SourceFile File(Uri endpoint, Place place, Entry entry, string path)
    {
        var escaped = string.Join('/', entry.Path.Split('/').Select(Uri.EscapeDataString));
        var request = Request(new Uri(endpoint, $"/{place.Repository}/resolve/{place.Revision}/{escaped}"));
        return new SourceFile(path, entry.Size, web.Opening(request))
        {
            Sha256 = entry.Sha256,
            Sha256From = "the Hub's listing",
        };
    }

    private async Task<List<Entry>> ListAsync(Uri endpoint, Place place, CancellationToken cancellation)
    {
        var entries = new List<Entry>();
        var next = new Uri(endpoint, $"/api/models/{place.Repository}/tree/{place.Revision}?recursive=true");
        while (next is not null && entries.Count <= ArtifactPath.MostFiles)
        {
            using var response = await web.SendAsync(Request(next), cancellation);
            var page = await web.BytesAsync(response, 32 << 20, cancellation)
                ?? throw new FailureException(TerminationReasons.TooLarge, $"The listing of {place.Repository} is larger than 32 MiB.");
            entries.AddRange(Read(page));
            next = NextPage(endpoint, response);
        }
        return entries;
    }

    private static List<Entry> Read(byte[] page) => JsonAnswer.Read<List<Entry>>(page, "the Hub's listing", static json =>
    [
        .. json.EnumerateArray()
            .Where(static e => e.GetProperty("type").GetString() == "file")
            .Select(static e => new Entry(
                e.GetProperty("path").GetString()!,
                e.TryGetProperty("size", out var size) ? size.GetInt64() : null,
                e.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object ? Digest(lfs) : null)),
    ]);

    private static string? Digest(JsonElement lfs) =>
        lfs.TryGetProperty("oid", out var oid) && oid.GetString() is { } hex && Sha256Text.IsValid(hex) ? hex.ToLowerInvariant() : null;

    /// <summary>From "Link: &lt;ADDRESS&gt;; rel="next""; on the same host only, because the token goes there.</summary>
    private static Uri? NextPage(Uri endpoint, HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links))
            return null;
        var link = links.FirstOrDefault(static l => l.Contains("rel=\"next\"", StringComparison.Ordinal));
        var (open, close) = link is null ? (-1, -1) : (link.IndexOf('<', StringComparison.Ordinal), link.IndexOf('>', StringComparison.Ordinal));
        return open >= 0 && close > open ? new Uri(endpoint, new Uri(endpoint, link![(open + 1)..close]).PathAndQuery) : null;
    }

    private WebRequest Request(Uri uri) => new(uri)
    {
        Authorize = credentials.Get("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN") is not { } token ? null : (request, _) =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            return Task.CompletedTask;
        },
        Explain = static (response, _) => response.Headers.TryGetValues("x-error-message", out var said) ? said.First() : null,
    };

    private Uri Endpoint()
    {
        var endpoint = credentials.Get("HF_ENDPOINT") ?? "https://huggingface.co";
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FailureException(TerminationReasons.InvalidOptions, $"HF_ENDPOINT is \"{endpoint}\"; write https://HOST.");
    }

    private static Place Parse(string address)
    {
        var parts = address["hf://".Length..].TrimEnd('/').Split('/', 3);
        if (parts.Length < 2 || !parts.Take(2).All(ArtifactPath.IsSafe) || (parts.Length == 3 && !ArtifactPath.IsSafe(parts[2])))
            throw new FailureException(TerminationReasons.InvalidUri, $"{address}: write hf://ORG/REPO[@REVISION][/PATH].");
        var mark = parts[1].IndexOfAny(['@', ':']);
        var (name, revision) = mark < 0 ? (parts[1], "main") : (parts[1][..mark], Uri.UnescapeDataString(parts[1][(mark + 1)..]));
        if (name.Length == 0 || revision.Length == 0)
            throw new FailureException(TerminationReasons.InvalidUri, $"{address}: write hf://ORG/REPO[@REVISION][/PATH].");
        return new Place($"{Uri.EscapeDataString(parts[0])}/{Uri.EscapeDataString(name)}", Uri.EscapeDataString(revision), parts.ElementAtOrDefault(2) ?? "");
    }

    private static string Some(List<Entry> entries) => entries.Count == 0
        ? "no files"
        : string.Join(", ", entries.Take(5).Select(static e => e.Path)) + (entries.Count > 5 ? ", …" : "");
}
