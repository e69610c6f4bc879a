namespace Sluice.Runtime.Storage;

/// <summary>SHA-256 as people write it.</summary>
internal static class Sha256Text
{
    public static bool IsValid(string hex) => hex.Length == 64 && hex.All(char.IsAsciiHexDigit);

    /// <summary>From a file as sha256sum writes it: the hash, then perhaps the name.</summary>
    /// <exception cref="FailureException">It holds none.</exception>
    public static string OfSumFile(string text, string name)
    {
        var hash = text.Trim().Split((char[]?)null, 2)[0].ToLowerInvariant();
        return IsValid(hash)
            ? hash
            : throw new FailureException(Contract.TerminationReasons.DigestMismatch, $"{name} holds no SHA-256 in hex.");
    }

    /// <summary>Lower-case hex; "sha256:" in front is allowed.</summary>
    /// <exception cref="FailureException">It is not a SHA-256.</exception>
    public static string Parse(string text)
    {
        var hex = text.Trim().ToLowerInvariant();
        hex = hex.StartsWith("sha256:", StringComparison.Ordinal) ? hex["sha256:".Length..] : hex;
        return IsValid(hex)
            ? hex
            : throw new FailureException(
                Contract.TerminationReasons.InvalidOptions, $"--sha256: \"{text}\" is not 64 hexadecimal digits.");
    }
}
