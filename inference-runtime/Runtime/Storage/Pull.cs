using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>
/// Fetches an artifact into a folder. Files arrive in a hidden folder beside their place and are moved when all of them
/// are there and their digest is right, so that no reader ever sees half a model.
/// </summary>
/// <param name="sources">Every way to reach models.</param>
/// <param name="time">For waiting.</param>
/// <param name="logger">For progress.</param>
/// <param name="cache">What the node has already; null without one.</param>
/// <param name="watch">Hears how far it is; null when nobody listens.</param>
internal sealed class Pull(IReadOnlyList<IModelSource> sources, TimeProvider time, ILogger logger, ModelCache? cache = null, FetchMetrics? watch = null)
{
    private readonly FetchMetrics metrics = watch ?? new FetchMetrics();

    /// <exception cref="FailureException">The artifact cannot be had; the reason says why.</exception>
    public async Task<Digest> RunAsync(PullSettings settings, CancellationToken cancellation)
    {
        var source = SourceFor(settings);
        if (AlreadyThere(settings) is { } there)
            return there;
        var began = time.GetTimestamp();
        var cached = source.IsLocal ? null : cache;
        if (cached is not null && await FromCacheAsync(cached, settings, began, cancellation) is { } digest)
            return digest;
        return await FromSourceAsync(source, cached, settings, began, cancellation);
    }

    private async Task<Digest> FromSourceAsync(IModelSource source, ModelCache? cached, PullSettings settings, long began, CancellationToken cancellation)
    {
        var retry = new Retry(time, logger, settings.Shown, settings.RetryFor, metrics);
        var files = await retry.RunAsync(c => source.FindAsync(settings.Address, c), cancellation);
        ArtifactPath.Check(settings.Shown, [.. files.Select(static f => f.Path)]);
        Staging? staging = null;
        try
        {
            staging = Staging.Open(settings.To, settings.Address);
            var (paths, digest) = await TakeAsync(settings, files, staging, retry, cancellation);
            var lineage = await LineageAsync(source, settings, cancellation);
            Finish(settings, paths, staging, new PullRecord { Bytes = digest.SizeBytes, Seconds = Since(began), Lineage = lineage });
            cached?.Store(digest, settings.To, [.. paths, PullRecord.FileName]);
            Log.Fetched(logger, settings.Shown, digest.SizeBytes, digest.Sha256);
            return digest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            staging?.Clear();
            throw new FailureException(TerminationReasons.WriteFailed, $"{settings.To} cannot be written: {e.Message}");
        }
        // The next container goes on with what is there, unless it is of no use.
        catch (FailureException e) when (e.Reason != TerminationReasons.Unreachable)
        {
            staging?.Clear();
            throw;
        }
    }

    private async Task<Digest?> FromCacheAsync(ModelCache cached, PullSettings settings, long began, CancellationToken cancellation)
    {
        if (settings.Sha256 is not { } wanted || cached.Find(wanted) is not { } entry)
            return null;
        Staging? staging = null;
        try
        {
            staging = Staging.Open(settings.To, entry);
            var files = await new LocalSource(entry).FindAsync(entry, cancellation);
            var (paths, digest) = await TakeAsync(settings, files, staging, new Retry(time, logger, entry, TimeSpan.Zero, metrics), cancellation);
            Finish(settings, paths, staging, new PullRecord
            {
                Bytes = digest.SizeBytes,
                Seconds = Since(began),
                Cached = true,
                Lineage = PullRecord.Read(entry)?.Lineage,
            });
            Log.FetchedFromCache(logger, settings.Shown, digest.SizeBytes, digest.Sha256);
            return digest;
        }
        // Broken, or evicted while it was read.
        catch (Exception e) when (e is FailureException { Reason: not TerminationReasons.TooLarge } or IOException or UnauthorizedAccessException)
        {
            Log.CacheTrouble(logger, entry, e.Message);
            staging?.Clear();
            cached.Drop(wanted);
            return null;
        }
    }

    private async Task<(IReadOnlyList<string> Paths, Digest Digest)> TakeAsync(
        PullSettings settings, IReadOnlyList<SourceFile> files, Staging staging, Retry retry, CancellationToken cancellation)
    {
        var fetched = await new Fetch(settings, staging, retry, metrics, time, logger).RunAsync(files, cancellation);
        var digest = Digest.Combine(fetched);
        return settings.Sha256 is { } wanted && wanted != digest.Sha256
            ? throw new FailureException(
                TerminationReasons.DigestMismatch,
                $"{settings.Shown} has sha256 {digest.Sha256}, but {wanted} is asked for; the artifact changed or the pin is wrong.")
            : ([.. fetched.Select(static f => f.Path)], digest);
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

    /// <summary>A restarted container finds the model that it fetched before.</summary>
    private static Digest? AlreadyThere(PullSettings settings)
    {
        if (settings.Sha256 is null || !Directory.Exists(settings.To) || !Digest.FilesIn(settings.To).Any())
            return null;
        var digest = Digest.Of(settings.To);
        return digest.Sha256 == settings.Sha256 ? digest : null;
    }

    private static void Finish(PullSettings settings, IReadOnlyList<string> paths, Staging staging, PullRecord record)
    {
        foreach (var path in paths)
        {
            var target = Path.Combine(settings.To, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(Path.Combine(staging.Files, path), target, overwrite: true);
        }
        record.Write(settings.To);
        staging.Clear();
    }

    private double Since(long began) => Math.Round(time.GetElapsedTime(began).TotalSeconds, 3);

    private IModelSource SourceFor(PullSettings settings) => sources.FirstOrDefault(s => s.Serves(settings.Address))
        ?? throw new FailureException(
            TerminationReasons.InvalidUri,
            $"{settings.Shown}: the scheme {StorageSchemes.Of(settings.Address)}: is not supported; use {string.Join(", ", sources.SelectMany(s => s.Schemes).Where(s => s.Length > 0))}.");
}
