using Sluice.Contract;

namespace Sluice.Runtime.Storage.Oci;

/// <summary>oci://HOST[:PORT]/REPOSITORY, then :TAG or @sha256:HEX; the tag is latest when neither is given.</summary>
/// <param name="Host">With the port, if one is given.</param>
/// <param name="Repository">May have slashes.</param>
/// <param name="Reference">A tag or a digest.</param>
internal sealed record OciAddress(string Host, string Repository, string Reference)
{
    private const string Scheme = "oci://";
    private const string Sha256 = "sha256:";

    /// <summary>The digest that the reference is, in hex; null for a tag.</summary>
    public string? Digest => Reference.StartsWith(Sha256, StringComparison.Ordinal) ? Reference[Sha256.Length..] : null;

    /// <exception cref="FailureException">It is none.</exception>
    public static OciAddress Parse(string address)
    {
        var rest = address[Scheme.Length..];
        var slash = rest.IndexOf('/');
        var (host, path) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        var at = path.IndexOf('@');
        var colon = path.IndexOf(':');
        var end = at >= 0 ? at : colon >= 0 ? colon : path.Length;
        var reference = end == path.Length ? "latest" : path[(end + 1)..];
        // A tag in front of a digest is for people.
        var name = at >= 0 && colon >= 0 && colon < at ? path[..colon] : path[..end];
        var isValid = host.Length > 0 && host.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':')
            && ArtifactPath.IsSafe(name) && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or '_' or '/')
            && (at >= 0 ? HexOf(reference) is not null : reference.Length is > 0 and <= 128 && reference.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'));
        return isValid
            ? new OciAddress(host, name, reference)
            : throw new FailureException(TerminationReasons.InvalidUri, $"{address}: write oci://HOST/REPOSITORY:TAG or oci://HOST/REPOSITORY@sha256:HEX.");
    }

    /// <summary>The hex of sha256:HEX; null for anything else.</summary>
    public static string? HexOf(string digest) =>
        digest.StartsWith(Sha256, StringComparison.Ordinal) && Sha256Text.IsValid(digest[Sha256.Length..]) ? digest[Sha256.Length..].ToLowerInvariant() : null;
}
