using System.Security.Cryptography;
using System.Text;

namespace Sluice.Runtime.Storage;

/// <summary>Size and SHA-256 (lower-case hex) of an artifact.</summary>
internal sealed record Digest(string Sha256, long SizeBytes)
{
    /// <summary>
    /// Of a file, or of a folder that holds just one: over its bytes. Of a folder with more: over one line "HASH  PATH\n" per file, with the file's own hash and its
    /// path from the folder with '/', in ordinal order of the paths. A ".sha256" file beside another is left out, and what pull itself writes.
    /// </summary>
    public static Digest Of(string path)
    {
        if (File.Exists(path))
            return OfFile(path);
        return Combine([.. FilesIn(path).Select(f => (f, OfFile(Path.Combine(path, f))))]);
    }

    /// <summary>The digest of a folder from those of its files, in any order.</summary>
    public static Digest Combine(IReadOnlyList<(string Path, Digest Digest)> files)
    {
        if (files.Count == 1)
            return files[0].Digest;
        var lines = new StringBuilder();
        foreach (var (path, digest) in files.OrderBy(f => f.Path, StringComparer.Ordinal))
            lines.Append(digest.Sha256).Append("  ").Append(path).Append('\n');
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString()));
        return new Digest(Hex(hash), files.Sum(f => f.Digest.SizeBytes));
    }

    public static string Hex(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash);

    /// <summary>Paths from the folder with '/', in ordinal order.</summary>
    public static IEnumerable<string> FilesIn(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(f => !f.EndsWith(".sha256", StringComparison.Ordinal))
        .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))
        .Where(static f => f != PullRecord.FileName && !f.StartsWith(Staging.Name + '/', StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static Digest OfFile(string file)
    {
        using var stream = File.OpenRead(file);
        return new Digest(Hex(SHA256.HashData(stream)), stream.Length);
    }
}
