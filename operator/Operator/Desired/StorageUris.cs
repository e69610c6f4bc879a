using Sluice.Contract;

namespace Sluice.Operator.Desired;

/// <summary>What the operator must know of an address: whether it is one, and which claim a pod needs for it.</summary>
internal static class StorageUris
{
    const string ClaimScheme = "pvc://";

    /// <summary>The claim of <c>pvc://CLAIM/PATH</c>; null for every other address.</summary>
    public static string? ClaimOf(string storageUri)
    {
        if (!storageUri.StartsWith(ClaimScheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var rest = storageUri[ClaimScheme.Length..];
        var slash = rest.IndexOf('/');
        return slash < 0 ? rest : rest[..slash];
    }

    /// <summary>What is wrong with an address, in a sentence; null when it can be tried.</summary>
    public static string? Problem(string storageUri)
    {
        var separator = storageUri.IndexOf("://", StringComparison.Ordinal);
        if (separator <= 0)
            return $"storageUri '{storageUri}' is not an address: write SCHEME://PATH, for example https://host/model.onnx or pvc://claim/model.onnx.";
        if (storageUri.Length == separator + "://".Length)
            return $"storageUri '{storageUri}' names nothing after {storageUri[..separator]}://.";
        if (!StorageSchemes.Supported.Contains(StorageSchemes.Of(storageUri)))
        {
            return $"storageUri '{storageUri}' has the scheme {storageUri[..separator]}, which is not supported; "
                + $"put the model where one of these reaches it: {string.Join(", ", StorageSchemes.Supported)}.";
        }

        return ClaimOf(storageUri) is "" ? $"storageUri '{storageUri}' names no claim: write pvc://CLAIM/PATH." : null;
    }
}
