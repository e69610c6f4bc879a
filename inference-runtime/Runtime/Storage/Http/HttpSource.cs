using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Http;

/// <summary>
/// One file at an http:// or https:// address, with the digest that lies beside it as FILE.sha256. HTTP has no folders.
/// </summary>
internal sealed class HttpSource(WebStorage web, Credentials credentials) : IModelSource
{
    private const string DefaultName = "model.onnx";
    private const string Beside = ".sha256";
    private const int LargestDigestBytes = 4096;
    private static readonly string[] Endings = [".onnx", ".ort", ".data", ".bin"];

    public IReadOnlyList<string> Schemes { get; } = ["http", "https"];

    public async Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var uri = Parse(address);
        var authorize = HttpCredentials.For(uri, credentials);
        var last = Uri.UnescapeDataString(uri.Segments[^1]);
        var name = Endings.Contains(Path.GetExtension(last)) && !last.Contains('/') ? last : DefaultName;
        var request = new WebRequest(uri) { Authorize = authorize };
        return
        [
            new SourceFile(name, null, (from, c) => web.OpenAsync(request with { From = from }, c))
            {
                Sha256 = await DigestBesideAsync(request, cancellation),
            },
        ];
    }

    private static Uri Parse(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw new FailureException(TerminationReasons.InvalidUri, $"{address} is not an address.");
        if (uri.UserInfo.Length > 0)
        {
            throw new FailureException(
                TerminationReasons.InvalidUri,
                $"{WebRequest.Show(uri)} has a user or password in it, which everybody can read; put username and password into a Secret and name it in credentials.secretName.");
        }
        return uri.AbsolutePath.EndsWith('/')
            ? throw new FailureException(
                TerminationReasons.InvalidUri, $"{WebRequest.Show(uri)} is a folder, which cannot be listed over {uri.Scheme}; name the .onnx file.")
            : uri;
    }

    /// <summary>Null where there is none, also when a server answers every path with some page.</summary>
    private async Task<string?> DigestBesideAsync(WebRequest file, CancellationToken cancellation)
    {
        // A signed address is for one path alone.
        if (file.Uri.Query.Length > 0)
            return null;
        var address = new UriBuilder(file.Uri) { Path = file.Uri.AbsolutePath + Beside, Fragment = string.Empty }.Uri;
        try
        {
            using var response = await web.SendAsync(file with { Uri = address }, cancellation);
            if (response.Content.Headers.ContentType?.MediaType is "text/html")
                return null;
            var bytes = await web.BytesAsync(response, LargestDigestBytes, cancellation);
            return Sha256Text.OfSumFile(bytes is null ? "" : System.Text.Encoding.UTF8.GetString(bytes), WebRequest.Show(address));
        }
        catch (FailureException e) when (e.Reason is TerminationReasons.NotFound or TerminationReasons.AccessDenied)
        {
            return null;
        }
    }
}
