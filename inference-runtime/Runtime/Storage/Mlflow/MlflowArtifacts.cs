using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Mlflow;

/// <summary>Artifacts that the tracking server hands out itself (mlflow-artifacts:), whatever lies behind it.</summary>
internal sealed class MlflowArtifacts(WebStorage web, MlflowServer server)
{
    private const string Method = "api/2.0/mlflow-artifacts/artifacts";
    private const int Deepest = 16;

    private sealed record Entry(string Name, bool IsFolder, long? Size);

    /// <summary>The path below the server's artifacts; null when it does not hand these out.</summary>
    public string? PathOf(string artifactUri)
    {
        const string scheme = "mlflow-artifacts:";
        var own = new Uri(server.Address, Method + '/').ToString();
        if (artifactUri.StartsWith(own, StringComparison.Ordinal))
            return Uri.UnescapeDataString(artifactUri[own.Length..]).Trim('/');
        if (!artifactUri.StartsWith(scheme, StringComparison.Ordinal) || !Uri.TryCreate(artifactUri, UriKind.Absolute, out var uri))
            return null;
        // Credentials are for the tracking server and for no other.
        return uri.Authority.Length == 0 || uri.Authority == server.Address.Authority
            ? Uri.UnescapeDataString(uri.AbsolutePath).Trim('/')
            : throw new FailureException(
                TerminationReasons.InvalidUri, $"The artifacts are at {uri.Authority}, but MLFLOW_TRACKING_URI is {server.Address}; set it to the server that has them.");
    }

    public async Task<IReadOnlyList<SourceFile>> FindAsync(string address, string path, CancellationToken cancellation)
    {
        if (!ArtifactPath.IsSafe(path))
            throw new FailureException(TerminationReasons.AccessDenied, $"{address} leads to the path \"{path}\", which could leave the storage.");
        var files = new List<RemoteFile>();
        await AddAsync(files, address, path, "", cancellation);
        if (files.Count > 0)
            return await RemoteFiles.AllAsync(web.Patience, address, files, cancellation);
        // A file has no listing of its own, but its folder has.
        var slash = path.LastIndexOf('/');
        var beside = slash < 0 ? [] : await ListAsync(path[..slash], cancellation);
        var file = beside.Find(e => !e.IsFolder && e.Name == path[(slash + 1)..])
            ?? throw new FailureException(TerminationReasons.NotFound, $"There is nothing at {address} ({server.Address}{Method}/{path}).");
        var digest = beside.Any(e => e.Name == file.Name + ".sha256") ? Get(path + ".sha256") : null;
        return [await RemoteFiles.OneAsync(web.Patience, new RemoteFile(RemoteFiles.NameOf(file.Name), file.Size, Get(path)), digest, cancellation)];
    }

    private async Task AddAsync(List<RemoteFile> files, string address, string root, string below, CancellationToken cancellation)
    {
        var folder = below.Length == 0 ? root : $"{root}/{below}";
        var entries = await ListAsync(folder, cancellation);
        // Before any request is made of these names.
        ArtifactPath.Check(address, [.. entries.Select(static e => e.Name)]);
        foreach (var entry in entries)
        {
            var path = below.Length == 0 ? entry.Name : $"{below}/{entry.Name}";
            if (!entry.IsFolder)
                files.Add(new RemoteFile(path, entry.Size, Get($"{root}/{path}")));
            else if (path.Count(static c => c == '/') < Deepest && files.Count <= ArtifactPath.MostFiles)
                await AddAsync(files, address, root, path, cancellation);
            else
                throw new FailureException(TerminationReasons.TooLarge, $"{address} has too many files, or folders within folders; name the model's own folder.");
        }
    }

    /// <summary>One level. Names are from the folder that is asked for.</summary>
    private async Task<List<Entry>> ListAsync(string folder, CancellationToken cancellation)
    {
        var listing = await web.BytesAsync(server.Request($"{Method}?path={Uri.EscapeDataString(folder)}"), cancellation);
        return JsonAnswer.Read<List<Entry>>(listing, "the listing of the artifacts", static json =>
        [
            .. json.Items("files").Select(static f => new Entry(
                f.GetProperty("path").GetString()!,
                f.TryGetProperty("is_dir", out var isFolder) && isFolder.GetBoolean(),
                long.TryParse(f.Text("file_size"), out var size) ? size : null)),
        ]);
    }

    private OpenFile Get(string path) => web.Opening(server.Request($"{Method}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}"));
}
