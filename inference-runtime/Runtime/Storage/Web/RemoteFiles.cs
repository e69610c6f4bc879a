using System.Text;
using Sluice.Contract;

namespace Sluice.Runtime.Storage.Web;

/// <summary>A file of a remote listing.</summary>
/// <param name="Path">From the folder that was asked for.</param>
/// <param name="Size">Bytes, when the listing says.</param>
/// <param name="Request">Gets it.</param>
internal sealed record RemoteFile(string Path, long? Size, WebRequest Request);

/// <summary>What a storage lists, as files of an artifact; a FILE.sha256 is what FILE must be and no file itself.</summary>
internal static class RemoteFiles
{
    private const string Beside = ".sha256";
    private const int LargestDigestBytes = 4096;
    private const string DefaultName = "model.onnx";
    private static readonly string[] Endings = [".onnx", ".ort", ".data", ".bin"];

    /// <summary>What to call a file whose address ends so.</summary>
    public static string NameOf(string last) => Endings.Contains(Path.GetExtension(last)) && !last.Contains('/') ? last : DefaultName;

    /// <summary>One file, with the digest beside it if there is one.</summary>
    public static async Task<SourceFile> OneAsync(WebStorage web, RemoteFile file, WebRequest? beside, CancellationToken cancellation) =>
        Of(web, file) with { Sha256 = beside is null ? null : await DigestAsync(web, beside, cancellation) };

    /// <exception cref="FailureException">There are none.</exception>
    public static async Task<IReadOnlyList<SourceFile>> AllAsync(
        WebStorage web, string address, IReadOnlyList<RemoteFile> files, CancellationToken cancellation)
    {
        var digests = files.Where(static f => f.Path.EndsWith(Beside, StringComparison.Ordinal)).ToLookup(static f => f.Path);
        var found = new List<SourceFile>();
        foreach (var file in files.Where(static f => !f.Path.EndsWith(Beside, StringComparison.Ordinal)))
        {
            var beside = digests[file.Path + Beside].FirstOrDefault();
            found.Add(await OneAsync(web, file, beside?.Request, cancellation));
        }
        return found.Count > 0 ? found : throw new FailureException(TerminationReasons.NotFound, $"There is nothing at {address}.");
    }

    private static SourceFile Of(WebStorage web, RemoteFile file) =>
        new(file.Path, file.Size, (from, c) => web.OpenAsync(file.Request with { From = from }, c));

    /// <summary>Null where there is none, also when a server answers every path with some page.</summary>
    private static async Task<string?> DigestAsync(WebStorage web, WebRequest beside, CancellationToken cancellation)
    {
        try
        {
            using var response = await web.SendAsync(beside, cancellation);
            if (response.Content.Headers.ContentType?.MediaType is "text/html")
                return null;
            var bytes = await web.BytesAsync(response, LargestDigestBytes, cancellation);
            return Sha256Text.OfSumFile(bytes is null ? "" : Encoding.UTF8.GetString(bytes), beside.Shown);
        }
        catch (FailureException e) when (e.Reason is TerminationReasons.NotFound or TerminationReasons.AccessDenied)
        {
            return null;
        }
    }
}
