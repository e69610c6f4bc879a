using System.Net;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Oci;

/// <summary>
/// An OCI artifact: each layer with a title is a file, each tar layer a folder. Of an image, as KServe's modelcars are, what
/// lies in /models. What arrives must have the digest that the manifest names.
/// </summary>
internal sealed class OciSource(WebStorage web, Credentials credentials, TimeProvider time) : IModelSource
{
    private const string ImageFolder = "models/";

    public IReadOnlyList<string> Schemes { get; } = ["oci"];

    public async Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        var place = OciAddress.Parse(address);
        var endpoint = new Uri($"{(IsPlain(place.Host) ? "http" : "https")}://{place.Host}");
        var registry = new OciRegistry(web, time, endpoint, place.Repository, OciCredentials.BasicFor(place.Host, credentials));
        await registry.OpenAsync(cancellation);
        var manifest = OciManifest.Read(await registry.ManifestAsync(place.Reference, cancellation));
        if (manifest.Next is { } next)
            manifest = OciManifest.Read(await registry.ManifestAsync(next, cancellation));
        var files = manifest.Layers
            // The manifest holds every file to its digest already.
            .Where(static l => l.Title?.EndsWith(".sha256", StringComparison.Ordinal) != true)
            .Select((l, i) => File(registry, address, manifest, l, i))
            .ToList();
        return files.Count > 0 ? files : throw new FailureException(TerminationReasons.NotFound, $"{address} has no layers.");
    }

    private SourceFile File(OciRegistry registry, string address, OciManifest manifest, OciLayer layer, int index)
    {
        var packed = PackingOf(layer);
        var path = packed is not null ? $".sluice-layer-{index}"
            : layer.Title ?? (manifest.Layers.Count == 1 ? "model.onnx" : throw new FailureException(
                TerminationReasons.CorruptModel,
                $"{address}: a layer of the type {layer.MediaType} has no title to call its file by; push the files with their names, as 'oras push' does."));
        return new SourceFile(path, layer.Size, web.Opening(registry.Blob(layer.Digest)))
        {
            Sha256 = OciAddress.HexOf(layer.Digest),
            Sha256From = "the manifest",
            Archive = packed is null ? null : new TarArchive(packed.Value, manifest.IsImage ? ImageFolder : ""),
        };
    }

    /// <summary>Null for a file as it is. A file that is called model.tar is one, unless it is marked as a packed folder.</summary>
    private static TarPacking? PackingOf(OciLayer layer)
    {
        if (layer.Title is not null && !layer.IsPacked)
            return null;
        return layer.MediaType switch
        {
            _ when layer.MediaType.EndsWith("zstd", StringComparison.Ordinal) => throw new FailureException(
                TerminationReasons.CorruptModel, "A layer is packed with zstd, which is not supported; push it with gzip or as it is."),
            _ when layer.MediaType.EndsWith("tar+gzip", StringComparison.Ordinal) || layer.MediaType.EndsWith("tar.gzip", StringComparison.Ordinal) => TarPacking.Gzip,
            _ when layer.MediaType.EndsWith("tar", StringComparison.Ordinal) => TarPacking.None,
            _ => null,
        };
    }

    /// <summary>A registry on this machine, as every tool has it, or one that is said to have no certificate.</summary>
    private bool IsPlain(string host)
    {
        var name = host.Split(':')[0];
        return name == "localhost" || (IPAddress.TryParse(name, out var ip) && IPAddress.IsLoopback(ip)) || credentials.Flag("OCI_PLAIN_HTTP") is true;
    }
}
