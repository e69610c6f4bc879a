using System.Text;
using Sluice.Contract;

namespace Sluice.Runtime.Storage.Web;

/// <summary>A file of a remote listing.</summary>
/// <param name="Path">From the folder that was asked for.</param>
/// <param name="Size">Bytes, when the listing says.</param>
/// <param name="OpenAsync">Gets it.</param>
internal sealed record RemoteFile(string Path, long? Size, OpenFile OpenAsync);

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
    public static async Task<SourceFile> OneAsync(Patience patience, RemoteFile file, OpenFile? beside, CancellationToken cancellation) =>
        new(file.Path, file.Size, file.OpenAsync) { Sha256 = beside is null ? null : await DigestAsync(patience, file.Path + Beside, beside, cancellation) };

    /// <exception cref="FailureException">There are none.</exception>
    public static async Task<IReadOnlyList<SourceFile>> AllAsync(
        Patience patience, string address, IReadOnlyList<RemoteFile> files, CancellationToken cancellation)
    {
        var digests = files.Where(static f => f.Path.EndsWith(Beside, StringComparison.Ordinal)).ToLookup(static f => f.Path);
        var found = new List<SourceFile>();
        foreach (var file in files.Where(static f => !f.Path.EndsWith(Beside, StringComparison.Ordinal)))
        {
            var beside = digests[file.Path + Beside].FirstOrDefault();
            found.Add(await OneAsync(patience, file, beside?.OpenAsync, cancellation));
        }
        return found.Count > 0 ? found : throw new FailureException(TerminationReasons.NotFound, $"There is nothing at {address}.");
    }

    /// <summary>Null where there is none, also when a server answers every path with some page.</summary>
    private static async Task<string?> DigestAsync(Patience patience, string name, OpenFile beside, CancellationToken cancellation)
    {
        try
        {
            var opened = await patience.WaitAsync(c => beside(default, c), cancellation);
            await using var body = opened.Body;
            if (opened.MediaType is "text/html")
                return null;
            var bytes = await patience.ReadAsync(body, LargestDigestBytes, cancellation);
            return Sha256Text.OfSumFile(bytes is null ? "" : Encoding.UTF8.GetString(bytes), name);
        }
        catch (FailureException e) when (e.Reason is TerminationReasons.NotFound or TerminationReasons.AccessDenied)
        {
            return null;
        }
    }
}
