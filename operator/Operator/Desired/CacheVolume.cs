using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Desired;

/// <summary>Where the pods of a node share what they fetched: a folder of the node, or a claim of this name in every namespace that has services.</summary>
/// <param name="HostPath">The folder; it must be there and be writable by the pods' user.</param>
/// <param name="Claim">The claim, instead.</param>
/// <param name="Size">Of all artifacts in it together, as a quantity; null for the runtime's default.</param>
internal sealed record CacheVolume(string? HostPath, string? Claim, string? Size)
{
    public const string MountPath = "/mnt/cache";

    const string HostPathPrefix = "hostPath:";
    const string ClaimPrefix = "pvc:";

    /// <summary>hostPath:/FOLDER or pvc:CLAIM.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static CacheVolume Parse(string text)
    {
        if (text.StartsWith(HostPathPrefix + '/', StringComparison.Ordinal))
            return new CacheVolume(text[HostPathPrefix.Length..], null, null);
        return text.StartsWith(ClaimPrefix, StringComparison.Ordinal) && text.Length > ClaimPrefix.Length
            ? new CacheVolume(null, text[ClaimPrefix.Length..], null)
            : throw new FormatException("is neither hostPath:/FOLDER nor pvc:CLAIM");
    }

    /// <summary>Whether an address gains by it: what lies on a claim or on the node is there already.</summary>
    public static bool Helps(string storageUri) => Contract.StorageSchemes.Of(storageUri) is not ("file" or "pvc" or "oci+native");

    public Volume ToVolume(string name) => new()
    {
        Name = name,
        // One that is made by the kubelet belongs to root, and no pod of ours could write there.
        HostPath = HostPath is null ? null : new HostPathVolumeSource { Path = HostPath, Type = "Directory" },
        PersistentVolumeClaim = Claim is null ? null : new PersistentVolumeClaimVolumeSource { ClaimName = Claim },
    };
}

/// <summary>What the operator's own options give every new pod, and whom its network lets in. A change of them restarts none that run.</summary>
/// <param name="Image">The runtime's.</param>
/// <param name="Cache">Null without one.</param>
/// <param name="OperatorNamespace">Where the operator runs.</param>
internal sealed record PodOptions(string Image, CacheVolume? Cache = null, string OperatorNamespace = Hosting.OperatorOptions.DefaultNamespace)
{
    /// <summary>OpenTelemetry's, see <see cref="TelemetryVariables"/>.</summary>
    public IReadOnlyDictionary<string, string> Telemetry { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the pod is to be.</summary>
    public string Namespace { get; init; } = "";

    public static implicit operator PodOptions(string image) => new(image);

    public static PodOptions FromString(string image) => new(image);
}
