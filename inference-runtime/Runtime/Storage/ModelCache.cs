namespace Sluice.Runtime.Storage;

/// <summary>
/// Artifacts that this node has fetched before, each in a folder named by its digest. Many pods use it at once without locks:
/// an entry appears and vanishes by one rename, and who reads it checks every byte. That it cannot be used never fails a pull.
/// </summary>
/// <param name="folder">Shared by the pods of the node.</param>
/// <param name="mostBytes">Of all entries together; those that were used longest ago go first.</param>
/// <param name="longest">An entry that nobody used for so long goes.</param>
/// <param name="time">When entries are used.</param>
/// <param name="logger">For what does not work.</param>
internal sealed class ModelCache(string folder, long mostBytes, TimeSpan longest, TimeProvider time, ILogger logger)
{
    /// <summary>In front of the names of what is no entry yet, or no longer.</summary>
    private const string Passing = ".";

    /// <summary>What a killed pod left behind is no pod's after this time.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(6);

    /// <summary>The folder of an entry, which now counts as used; null when there is none.</summary>
    public string? Find(string sha256)
    {
        var entry = Path.Combine(folder, sha256);
        if (!Directory.Exists(entry))
            return null;
        Try(() => Directory.SetLastWriteTimeUtc(entry, time.GetUtcNow().UtcDateTime));
        return entry;
    }

    /// <summary>Takes an entry away that is not what its name says.</summary>
    public void Drop(string sha256) => Try(() => Remove(Path.Combine(folder, sha256)));

    /// <summary>Copies an artifact that was just fetched, and makes room for it.</summary>
    /// <param name="digest">What it is called by, and how large it is.</param>
    /// <param name="from">Where it lies.</param>
    /// <param name="paths">Its files.</param>
    public void Store(Digest digest, string from, IEnumerable<string> paths) => Try(() =>
    {
        Directory.CreateDirectory(folder);
        Evict(digest.SizeBytes);
        var entry = Path.Combine(folder, digest.Sha256);
        if (digest.SizeBytes > mostBytes || Directory.Exists(entry))
            return;
        var arriving = Path.Combine(folder, $"{Passing}{Guid.NewGuid():N}");
        try
        {
            foreach (var path in paths)
            {
                var target = Path.Combine(arriving, path);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Path.Combine(from, path), target);
            }
            Directory.SetLastWriteTimeUtc(arriving, time.GetUtcNow().UtcDateTime);
            // Another pod may have been faster, which is as good.
            if (!Directory.Exists(entry))
                Directory.Move(arriving, entry);
        }
        finally
        {
            if (Directory.Exists(arriving))
                Directory.Delete(arriving, recursive: true);
        }
    });

    private void Evict(long coming)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var entries = new List<(DirectoryInfo Entry, long Size)>();
        foreach (var found in new DirectoryInfo(folder).EnumerateDirectories().OrderByDescending(static e => e.LastWriteTimeUtc))
        {
            var limit = found.Name.StartsWith(Passing, StringComparison.Ordinal) ? Abandoned : longest;
            if (now - found.LastWriteTimeUtc > limit)
                Remove(found.FullName);
            else if (!found.Name.StartsWith(Passing, StringComparison.Ordinal))
                entries.Add((found, found.EnumerateFiles("*", SearchOption.AllDirectories).Sum(static f => f.Length)));
        }
        var sum = coming;
        foreach (var (entry, size) in entries)
        {
            sum += size;
            if (sum > mostBytes)
                Remove(entry.FullName);
        }
    }

    /// <summary>At once for everybody who has not begun to read it.</summary>
    private void Remove(string entry)
    {
        if (!Directory.Exists(entry))
            return;
        var leaving = Path.Combine(folder, $"{Passing}{Guid.NewGuid():N}");
        Directory.Move(entry, leaving);
        Directory.Delete(leaving, recursive: true);
        Log.CacheEvicted(logger, Path.GetFileName(entry));
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.CacheTrouble(logger, folder, e.Message);
        }
    }
}
