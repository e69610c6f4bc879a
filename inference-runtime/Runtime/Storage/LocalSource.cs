using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>Paths, file:// addresses, and pvc://CLAIM/PATH.</summary>
/// <param name="pvcRoot">Claims are mounted in here under their names.</param>
/// <param name="claimPath">Where the one claim that is asked for is mounted, when that is known better.</param>
internal sealed class LocalSource(string pvcRoot, string? claimPath = null) : IModelSource
{
    private const string Beside = ".sha256";

    public IReadOnlyList<string> Schemes { get; } = ["", "file", "pvc"];

    public bool IsLocal => true;

    public Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var (path, bound) = PathOf(address);
        if (File.Exists(path))
            return Task.FromResult<IReadOnlyList<SourceFile>>([Describe(path, Path.GetFileName(path), address, bound)]);
        if (!Directory.Exists(path))
            throw new FailureException(TerminationReasons.NotFound, Missing(address, path));
        var files = Digest.FilesIn(path).Select(f => Describe(Path.Combine(path, f), f, address, bound ?? path)).ToList();
        return files.Count > 0
            ? Task.FromResult<IReadOnlyList<SourceFile>>(files)
            : throw new FailureException(TerminationReasons.NotFound, $"{address} is an empty folder.");
    }

    /// <summary>The path, and the folder that no link may leave; a path of this machine alone may lead anywhere.</summary>
    private (string Path, string? Bound) PathOf(string address)
    {
        if (StorageSchemes.Of(address).Length == 0)
            return (Path.GetFullPath(address), null);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            throw new FailureException(TerminationReasons.InvalidUri, $"{address} is not an address.");
        var path = Uri.UnescapeDataString(uri.AbsolutePath);
        if (uri.Scheme != "pvc")
        {
            return uri.Host is "" or "localhost"
                ? (path, null)
                : throw new FailureException(
                    TerminationReasons.InvalidUri, $"{address} names the host {uri.Host}; a local file is file:///PATH.");
        }
        var claim = claimPath ?? Path.Combine(pvcRoot, uri.Host);
        if (uri.Host.Length == 0 || !Directory.Exists(claim))
        {
            throw new FailureException(
                TerminationReasons.NotFound, $"{address}: the claim \"{uri.Host}\" is not mounted at {claim}.");
        }
        // AbsolutePath has no dot segments left, so it stays inside the claim.
        return (Path.Combine(claim, path.TrimStart('/')), claim);
    }

    private static SourceFile Describe(string file, string path, string address, string? bound)
    {
        if (bound is not null && !RealPath.IsWithin(file, bound))
        {
            throw new FailureException(
                TerminationReasons.AccessDenied, $"{address}: {path} is a link that leads out of {bound}, which is not followed; put the file itself there.");
        }
        return new(path, null, (_, _) => Open(file, address)) { Sha256 = DigestBeside(file) };
    }

    private static Task<Opened> Open(string file, string address)
    {
        try
        {
            var stream = File.OpenRead(file);
            return Task.FromResult(new Opened(stream, Length: stream.Length));
        }
        catch (UnauthorizedAccessException)
        {
            throw new FailureException(
                TerminationReasons.AccessDenied, $"{address} may not be read by user {Environment.UserName}; change its mode or owner.");
        }
        catch (IOException e)
        {
            throw new TransientException($"{address} cannot be opened: {e.Message}", e);
        }
    }

    private static string? DigestBeside(string file) =>
        File.Exists(file + Beside) ? Sha256Text.OfSumFile(File.ReadAllText(file + Beside), Path.GetFileName(file) + Beside) : null;

    private static string Missing(string address, string path)
    {
        var folder = Path.GetDirectoryName(path);
        var around = folder is not null && Directory.Exists(folder)
            ? string.Join(", ", Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order().Take(5))
            : null;
        return around is { Length: > 0 } ? $"There is nothing at {address}; beside it: {around}." : $"There is nothing at {address}.";
    }
}
