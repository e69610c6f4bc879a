using System.Formats.Tar;
using System.IO.Compression;
using Sluice.Contract;

namespace Sluice.Runtime.Storage;

internal enum TarPacking
{
    None,
    Gzip,
}

/// <summary>A tar file that stands for the files in it.</summary>
/// <param name="Packing">What is around it.</param>
/// <param name="Below">Takes what lies below this folder alone, without it; empty for all.</param>
internal sealed record TarArchive(TarPacking Packing, string Below)
{
    private const string Deletion = ".wh.";

    /// <summary>Writes the files into a folder. Nothing may leave it: links and names that lead elsewhere are refused.</summary>
    /// <param name="file">The tar file.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="mostBytes">Of all files together, which stops what unpacks to far more than it is.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <returns>The paths of the files.</returns>
    public async Task<IReadOnlyList<string>> UnpackAsync(string file, string folder, long mostBytes, CancellationToken cancellation)
    {
        var written = new List<string>();
        try
        {
            await using var packed = File.OpenRead(file);
            await using var plain = Packing == TarPacking.Gzip ? new GZipStream(packed, CompressionMode.Decompress) : (Stream)packed;
            await using var reader = new TarReader(plain);
            while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                if (PathOf(entry) is not { } path)
                    continue;
                mostBytes -= entry.Length;
                if (mostBytes < 0 || written.Count == ArtifactPath.MostFiles)
                    throw new FailureException(TerminationReasons.TooLarge, $"The archive unpacks to more bytes or files than allowed; --max-bytes sets the bound.");
                var target = Path.Combine(folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await using var output = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None);
                if (entry.DataStream is { } data)
                    await data.CopyToAsync(output, cancellation);
                written.Add(path);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new FailureException(TerminationReasons.CorruptModel, $"The archive cannot be unpacked: {e.Message}");
        }
        return written;
    }

    /// <summary>Where an entry belongs; null for what is no file of ours.</summary>
    private string? PathOf(TarEntry entry)
    {
        var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        if (entry.EntryType is TarEntryType.GlobalExtendedAttributes || !name.StartsWith(Below, StringComparison.Ordinal))
            return null;
        var path = name[Below.Length..];
        if (entry.EntryType is TarEntryType.Directory && (path.Length == 0 || ArtifactPath.IsSafe(path.TrimEnd('/'))))
            return null;
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile) || !ArtifactPath.IsSafe(path))
        {
            throw new FailureException(
                TerminationReasons.AccessDenied,
                $"The archive holds \"{new string([.. name.Take(200).Where(static c => !char.IsControl(c))])}\" ({entry.EntryType}), which could lead out of the model's folder; pack plain files with relative names.");
        }
        if (Path.GetFileName(path).StartsWith(Deletion, StringComparison.Ordinal))
            throw new FailureException(TerminationReasons.CorruptModel, $"The image deletes files of its earlier layers ({name}); build it in one layer.");
        return path.EndsWith(".sha256", StringComparison.Ordinal) ? null : path;
    }
}
