using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Http;

/// <summary>
/// One file at an http:// or https:// address, with the digest that lies beside it as FILE.sha256. HTTP has no folders.
/// </summary>
internal sealed class HttpSource(WebStorage web, Credentials credentials) : IModelSource
{
    public IReadOnlyList<string> Schemes { get; } = ["http", "https"];

    public async Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var uri = Parse(address);
        var request = new WebRequest(uri) { Authorize = HttpCredentials.For(uri, credentials) };
        var file = new RemoteFile(RemoteFiles.NameOf(Uri.UnescapeDataString(uri.Segments[^1])), null, web.Opening(request));
        // A signed address is for one path alone.
        var beside = uri.Query.Length > 0
            ? null
            : web.Opening(request with { Uri = new UriBuilder(uri) { Path = uri.AbsolutePath + ".sha256", Fragment = string.Empty }.Uri });
        return [await RemoteFiles.OneAsync(web.Patience, file, beside, cancellation)];
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
}
