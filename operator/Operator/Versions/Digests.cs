namespace Sluice.Operator.Versions;

/// <summary>Digests as status and people write them: <c>sha256:HEX</c>, and short.</summary>
internal static class Digests
{
    const string Prefix = "sha256:";
    const int ShortLength = 12;

    public static string Of(string hex) => Prefix + hex;

    /// <summary>The bare hex; null when there is no digest or it is of another kind.</summary>
    public static string? Hex(string? digest) =>
        digest?.StartsWith(Prefix, StringComparison.Ordinal) is true ? digest[Prefix.Length..] : null;

    public static string? Short(string? digest) =>
        Hex(digest) is { } hex ? hex[..Math.Min(ShortLength, hex.Length)] : null;
}
