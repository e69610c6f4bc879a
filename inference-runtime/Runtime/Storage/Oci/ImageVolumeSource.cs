using Sluice.Contract;

namespace Sluice.Runtime.Storage.Oci;

/// <summary>
/// oci+native://IMAGE: an image that the kubelet has pulled and mounted as a volume. Of a model image, as KServe's modelcars are, what lies
/// in /models, else all of it.
/// </summary>
/// <param name="mounted">Where.</param>
internal sealed class ImageVolumeSource(string mounted) : IModelSource
{
    private const string ImageFolder = "models";

    public IReadOnlyList<string> Schemes { get; } = ["oci+native"];

    /// <summary>The node has it already.</summary>
    public bool IsLocal => true;

    public Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation)
    {
        // A cluster that knows no image volumes mounts an empty folder instead.
        if (!Directory.Exists(mounted) || !Directory.EnumerateFileSystemEntries(mounted).Any())
        {
            throw new FailureException(
                TerminationReasons.NotFound,
                $"{address}: there is no image at {mounted}, or it is empty. This needs a cluster with image volumes (Kubernetes 1.35 or later, and a container runtime that has them); oci:// fetches the image without.");
        }
        var models = Path.Combine(mounted, ImageFolder);
        return new LocalSource(mounted).FindAsync(Directory.Exists(models) ? models : mounted, cancellation);
    }
}
