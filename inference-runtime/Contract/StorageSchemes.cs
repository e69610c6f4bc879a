namespace Sluice.Contract;

/// <summary>The schemes of addresses that <c>sluice-runtime pull</c> can fetch from; the operator refuses every other.</summary>
public static class StorageSchemes
{
    /// <summary>In lower case, without "://"; a test holds it to what the runtime's sources serve.</summary>
    public static IReadOnlyList<string> Supported { get; } = ["file", "pvc", "http", "https", "s3", "gs", "azure-blob", "wasbs", "abfss", "hf", "oci", "oci+native", "models", "runs"];

    /// <summary>What addresses of a scheme begin with; those of MLflow have no host and so no "//".</summary>
    public static string StartOf(string scheme) => scheme is "models" or "runs" ? $"{scheme}:/" : $"{scheme}://";

    /// <summary>The scheme of SCHEME://PATH or SCHEME:/PATH in lower case; empty for a plain path.</summary>
    public static string Of(string address)
    {
        var colon = address.IndexOf(":/", StringComparison.Ordinal);
        return colon > 0 && address.AsSpan(0, colon).IndexOfAnyExcept(Letters) < 0 ? address[..colon].ToLowerInvariant() : string.Empty;
    }

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
}
