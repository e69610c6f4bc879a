using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>What <c>pull</c> is told.</summary>
internal sealed record PullSettings
{
    public required string Address { get; init; }

    /// <summary>The address for logs and messages: without user, password and query, which may be secrets.</summary>
    public string Shown => Uri.TryCreate(Address, UriKind.Absolute, out var uri) && (uri.UserInfo.Length > 0 || uri.Query.Length > 0)
        ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : Address;

    /// <summary>Lower-case hex; null takes what comes.</summary>
    public string? Sha256 { get; init; }

    public required string To { get; init; }

    /// <summary>Of all files together, in bytes.</summary>
    public long MaxBytes { get; init; } = 16L << 30;

    /// <summary>How long transient failures are retried.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A transfer that stands still for so long is begun anew.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Fetches an artifact into a folder. Files arrive in a hidden folder beside their place and are moved when all of them
/// are there and their digest is right, so that no reader ever sees half a model.
/// </summary>
internal sealed class Pull(IReadOnlyList<IModelSource> sources, TimeProvider time, ILogger logger)
{
    public const string Staging = ".sluice-pull";

    /// <exception cref="FailureException">The artifact cannot be had; the reason says why.</exception>
    public async Task<Digest> RunAsync(PullSettings settings, CancellationToken cancellation)
    {
        var source = SourceFor(settings);
        if (AlreadyThere(settings) is { } there)
            return there;
        var retry = new Retry(time, logger, settings.Shown, settings.RetryFor);
        var files = await retry.RunAsync(c => source.FindAsync(settings.Address, c), cancellation);
        ArtifactPath.Check(settings.Shown, [.. files.Select(static f => f.Path)]);
        var staging = Path.Combine(settings.To, Staging);
        try
        {
            Prepare(staging);
            var fetched = await FetchAsync(settings, files, staging, retry, cancellation);
            var digest = Digest.Combine(fetched);
            Check(settings, digest);
            var lineage = await LineageAsync(source, settings, cancellation);
            Move(fetched.Select(static f => f.Path), staging, settings.To);
            if (lineage is not null)
                Lineage.Write(settings.To, lineage);
            Log.Fetched(logger, settings.Shown, digest.SizeBytes, digest.Sha256);
            return digest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException(TerminationReasons.WriteFailed, $"{settings.To} cannot be written: {e.Message}");
        }
        finally
        {
            if (Directory.Exists(staging))
                Directory.Delete(staging, recursive: true);
        }
    }

    private async Task<IReadOnlyList<(string Path, Digest Digest)>> FetchAsync(
        PullSettings settings, IReadOnlyList<SourceFile> files, string staging, Retry retry, CancellationToken cancellation)
    {
        var patience = new Patience(time, settings.StallTimeout);
        var fetched = new Dictionary<string, Digest>();
        long size = 0;
        foreach (var file in files)
        {
            using var transfer = new Transfer(settings, patience, file, staging, size);
            var digest = await retry.RunAsync(transfer.RunAsync, cancellation, () => transfer.Furthest);
            if (file.Archive is null)
            {
                fetched[file.Path] = digest;
            }
            else
            {
                foreach (var path in await UnpackAsync(file.Archive, Path.Combine(staging, file.Path), settings.MaxBytes - size, cancellation))
                    fetched[path] = Digest.Of(Path.Combine(staging, path));
            }
            size = fetched.Values.Sum(static d => d.SizeBytes);
        }
        return fetched.Count > 0
            ? [.. fetched.Select(static f => (f.Key, f.Value))]
            : throw new FailureException(TerminationReasons.NotFound, $"{settings.Shown} holds no files.");
    }

    private static async Task<IReadOnlyList<string>> UnpackAsync(TarArchive archive, string file, long mostBytes, CancellationToken cancellation)
    {
        var paths = await archive.UnpackAsync(file, Path.GetDirectoryName(file)!, mostBytes, cancellation);
        File.Delete(file);
        return paths;
    }

    /// <summary>Good to know and no more: a model is not held back for it.</summary>
    private async Task<IReadOnlyDictionary<string, string>?> LineageAsync(IModelSource source, PullSettings settings, CancellationToken cancellation)
    {
        try
        {
            return await source.LineageAsync(settings.Address, cancellation);
        }
        catch (Exception e) when (e is FailureException or TransientException)
        {
            Log.NoLineage(logger, settings.Shown, e.Message);
            return null;
        }
    }

    private static void Prepare(string staging)
    {
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true);
        Directory.CreateDirectory(staging);
    }

    /// <summary>A restarted container finds the model that it fetched before.</summary>
    private static Digest? AlreadyThere(PullSettings settings)
    {
        if (settings.Sha256 is null || !Directory.Exists(settings.To) || !Digest.FilesIn(settings.To).Any())
            return null;
        var digest = Digest.Of(settings.To);
        return digest.Sha256 == settings.Sha256 ? digest : null;
    }

    private static void Check(PullSettings settings, Digest digest)
    {
        if (settings.Sha256 is { } wanted && wanted != digest.Sha256)
        {
            throw new FailureException(
                TerminationReasons.DigestMismatch,
                $"{settings.Shown} has sha256 {digest.Sha256}, but {wanted} is asked for; the artifact changed or the pin is wrong.");
        }
    }

    private static void Move(IEnumerable<string> paths, string from, string to)
    {
        foreach (var path in paths)
        {
            var target = Path.Combine(to, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(Path.Combine(from, path), target, overwrite: true);
        }
    }

    private IModelSource SourceFor(PullSettings settings)
    {
        return sources.FirstOrDefault(s => s.Serves(settings.Address))
            ?? throw new FailureException(
                TerminationReasons.InvalidUri,
                $"{settings.Shown}: the scheme {StorageSchemes.Of(settings.Address)}: is not supported; use {string.Join(", ", sources.SelectMany(s => s.Schemes).Where(s => s.Length > 0))}.");
    }
}
