using Sluice.Contract;

namespace Sluice.Operator.Desired;

/// <summary>What the operator must know of an address: whether it is one, and which claim a pod needs for it.</summary>
internal static class StorageUris
{
    const string ClaimScheme = "pvc://";
    const string ImageScheme = "oci+native://";

    /// <summary>The claim of <c>pvc://CLAIM/PATH</c>; null for every other address.</summary>
    public static string? ClaimOf(string storageUri)
    {
        if (!storageUri.StartsWith(ClaimScheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var rest = storageUri[ClaimScheme.Length..];
        var slash = rest.IndexOf('/');
        return slash < 0 ? rest : rest[..slash];
    }

    /// <summary>The image of <c>oci+native://IMAGE</c>, which the kubelet mounts; null for every other address.</summary>
    public static string? ImageOf(string storageUri) =>
        storageUri.StartsWith(ImageScheme, StringComparison.OrdinalIgnoreCase) ? storageUri[ImageScheme.Length..] : null;

    /// <summary>What is wrong with an address, in a sentence; null when it can be tried.</summary>
    public static string? Problem(string storageUri)
    {
        var scheme = StorageSchemes.Of(storageUri);
        if (scheme.Length == 0)
            return $"storageUri '{storageUri}' is not an address: write SCHEME://PATH, for example https://host/model.onnx or pvc://claim/model.onnx.";
        if (!StorageSchemes.Supported.Contains(scheme))
        {
            return $"storageUri '{storageUri}' has the scheme {scheme}, which is not supported; "
                + $"put the model where one of these reaches it: {string.Join(", ", StorageSchemes.Supported)}.";
        }

        var start = StorageSchemes.StartOf(scheme);
        if (!storageUri.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            return $"storageUri '{storageUri}' must begin with {start}.";
        if (storageUri.Length == start.Length)
            return $"storageUri '{storageUri}' names nothing after {start}.";
        return ClaimOf(storageUri) is "" ? $"storageUri '{storageUri}' names no claim: write pvc://CLAIM/PATH." : null;
    }
}
