using Sluice.Contract;

namespace Sluice.Runtime.Storage.Web;

/// <summary>SCHEME://BUCKET/KEY as an artifact: the object of that name, or else all objects below KEY/.</summary>
internal sealed class ObjectArtifact(Patience patience, IObjectStore store)
{
    /// <param name="address">For messages.</param>
    /// <param name="key">Empty for the whole bucket; with a '/' at its end a folder for sure.</param>
    /// <param name="cancellation">Ends it at once.</param>
    public async Task<IReadOnlyList<SourceFile>> FindAsync(string address, string key, CancellationToken cancellation)
    {
        FailureException? asObject = null;
        if (key.Length > 0 && !key.EndsWith('/'))
        {
            try
            {
                return [await ObjectAsync(key, cancellation)];
            }
            catch (FailureException e) when (e.Reason is not TerminationReasons.InvalidOptions)
            {
                asObject = e;
            }
        }
        return await BelowAsync(address, key, asObject, cancellation);
    }

    /// <summary>Bucket and key of SCHEME://BUCKET/KEY.</summary>
    public static (string Bucket, string Key) Parse(string address)
    {
        var scheme = StorageSchemes.Of(address);
        var rest = address[(scheme.Length + "://".Length)..];
        var slash = rest.IndexOf('/');
        var (bucket, key) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (bucket.Length == 0 || !bucket.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            throw new FailureException(TerminationReasons.InvalidUri, $"{address} names no bucket: write {scheme}://BUCKET/KEY.");
        return (bucket, Checked(address, key));
    }

    /// <summary>The key, when the URI of a request can carry it whole.</summary>
    public static string Checked(string address, string key) => key.Length == 0 || ArtifactPath.IsSafe(key.TrimEnd('/'))
        ? key
        : throw new FailureException(TerminationReasons.InvalidUri, $"{address}: the key has an empty, \".\" or \"..\" part, which is not supported.");

    private async Task<SourceFile> ObjectAsync(string key, CancellationToken cancellation)
    {
        var found = await store.FindAsync(key, cancellation);
        var name = RemoteFiles.NameOf(key[(key.LastIndexOf('/') + 1)..]);
        return await RemoteFiles.OneAsync(patience, new RemoteFile(name, found.Size, found.OpenAsync), store.Get(key + ".sha256"), cancellation);
    }

    private async Task<IReadOnlyList<SourceFile>> BelowAsync(string address, string key, FailureException? asObject, CancellationToken cancellation)
    {
        var prefix = key.Length == 0 || key.EndsWith('/') ? key : key + '/';
        List<RemoteFile> files;
        try
        {
            files = await ListAsync(address, prefix, cancellation);
        }
        // Without the right to list, what was said of the object itself is what counts.
        catch (FailureException e) when (asObject?.Reason == TerminationReasons.NotFound && e.Reason == TerminationReasons.AccessDenied)
        {
            throw asObject;
        }
        // Before any request is made of these paths.
        ArtifactPath.Check(address, [.. files.Select(static f => f.Path)]);
        if (files.Count == 0 && asObject is { Reason: not TerminationReasons.NotFound })
            throw asObject;
        return await RemoteFiles.AllAsync(patience, address, files, cancellation);
    }

    private async Task<List<RemoteFile>> ListAsync(string address, string prefix, CancellationToken cancellation)
    {
        var files = new List<RemoteFile>();
        string? next = null;
        do
        {
            var page = await store.ListAsync(prefix, next, cancellation);
            files.AddRange(page.Objects
                .Where(o => !o.Key.EndsWith('/') && o.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(o => new RemoteFile(o.Key[prefix.Length..], o.Size, o.OpenAsync)));
            if (page.Next is not null && page.Next == next)
                throw new TransientException($"the listing of {address} does not end");
            next = page.Next;
        }
        while (next is not null && files.Count <= ArtifactPath.MostFiles);
        return files;
    }
}
