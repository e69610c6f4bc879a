using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Contract;
using Sluice.Runtime.Storage.Web;

namespace Sluice.Runtime.Storage.Oci;

/// <summary>One layer of an artifact.</summary>
internal sealed record OciLayer(string MediaType, string Digest, long? Size, string? Title, bool IsPacked);

/// <summary>What a manifest says (github.com/opencontainers/image-spec/blob/main/manifest.md), or an index of several.</summary>
/// <param name="Layers">In their order.</param>
/// <param name="IsImage">Its files are a root file system, as KServe's modelcars are.</param>
/// <param name="Next">Of an index, the manifest to read instead.</param>
internal sealed record OciManifest(IReadOnlyList<OciLayer> Layers, bool IsImage, string? Next)
{
    public static IReadOnlyList<string> MediaTypes { get; } =
    [
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json",
    ];

    public static OciManifest Read(byte[] json) => JsonAnswer.Read(json, "the manifest", static manifest =>
    {
        if (manifest.TryGetProperty("manifests", out _))
            return new OciManifest([], false, Choose([.. manifest.Items("manifests")]));
        var config = manifest.Text("config", "mediaType") ?? "";
        return new OciManifest(
            [.. manifest.Items("layers").Select(Layer)],
            config is "application/vnd.oci.image.config.v1+json" or "application/vnd.docker.container.image.v1+json",
            null);
    });

    /// <summary>The first error of a registry's answer.</summary>
    public static string? ErrorOf(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var first = document.RootElement.Items("errors").FirstOrDefault();
            return first.Text("code") is { } code ? $"{code}, {first.Text("message")}" : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static OciLayer Layer(JsonElement layer)
    {
        var digest = layer.Text("digest") ?? "";
        return OciAddress.HexOf(digest) is null
            ? throw new FailureException(TerminationReasons.CorruptModel, $"A layer of the artifact has the digest \"{digest}\", and only sha256 is known.")
            : new OciLayer(
                layer.Text("mediaType") ?? "",
                digest,
                long.TryParse(layer.Text("size"), out var size) ? size : null,
                layer.Text("annotations", "org.opencontainers.image.title"),
                // How ORAS marks a folder that it has packed.
                layer.Text("annotations", "io.deis.oras.content.unpack") == "true");
    }

    /// <summary>The one for this machine's processor, or the only one.</summary>
    private static string Choose(List<JsonElement> manifests)
    {
        var processor = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        var fitting = manifests.Where(m => m.Text("platform", "architecture") == processor).ToList();
        return fitting.Count > 0 ? fitting[0].Text("digest")!
            : manifests.Count == 1 ? manifests[0].Text("digest")!
            : throw new FailureException(
                TerminationReasons.NotFound, $"The reference stands for {manifests.Count} artifacts and none is for {processor}; name the model's own by its digest.");
    }
}
