using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>Brings the files of an artifact into the staging folder, one after the other, and unpacks those that are archives.</summary>
internal sealed class Fetch(PullSettings settings, Staging staging, Retry retry, FetchMetrics metrics, TimeProvider time, ILogger logger)
{
    public async Task<IReadOnlyList<(string Path, Digest Digest)>> RunAsync(IReadOnlyList<SourceFile> files, CancellationToken cancellation)
    {
        var patience = new Patience(time, settings.StallTimeout);
        var total = files.All(static f => f.Size is not null) ? files.Sum(static f => f.Size) : null;
        metrics.Begins(total);
        var progress = new Progress(time, logger, settings.Shown, total, files.Count == 1, metrics);
        var fetched = new Dictionary<string, Digest>();
        long size = 0;
        foreach (var file in files)
        {
            using var transfer = new Transfer(settings, patience, file, staging, size, progress);
            var digest = await retry.RunAsync(transfer.RunAsync, cancellation, () => transfer.Furthest);
            foreach (var (path, known) in await FilesOfAsync(file, digest, size, cancellation))
                fetched[path] = known;
            size = fetched.Values.Sum(static d => d.SizeBytes);
        }
        return fetched.Count > 0
            ? [.. fetched.Select(static f => (f.Key, f.Value))]
            : throw new FailureException(TerminationReasons.NotFound, $"{settings.Shown} holds no files.");
    }

    private async Task<List<(string Path, Digest Digest)>> FilesOfAsync(SourceFile file, Digest digest, long before, CancellationToken cancellation)
    {
        if (file.Archive is null)
            return [(file.Path, digest)];
        var packed = Path.Combine(staging.Files, file.Path);
        var paths = await file.Archive.UnpackAsync(packed, staging.Files, settings.MaxBytes - before, cancellation);
        File.Delete(packed);
        return [.. paths.Select(p => (p, Digest.Of(Path.Combine(staging.Files, p))))];
    }
}
