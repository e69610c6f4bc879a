using System.Runtime.InteropServices;
using Sluice.LocalCluster.Kubelet.Processes;

namespace Sluice.LocalCluster.Kubelet.Volumes;

/// <summary>
/// A folder whose files all change at one instant, laid out as the kubelet does, because programs watch for exactly
/// this: the files lie in a folder of their own, <c>..data</c> is a link to it, each name is a link through
/// <c>..data</c>, and an update renames a new <c>..data</c> over the old one.
/// </summary>
internal static class AtomicFolder
{
    private const string Data = "..data";

    /// <summary>Returns whether anything changed.</summary>
    internal static bool Write(string folder, IReadOnlyList<VolumeFile> files)
    {
        Directory.CreateDirectory(folder);
        var data = Path.Combine(folder, Data);
        var previous = new FileInfo(data).LinkTarget;
        if (previous is not null && Same(Path.Combine(folder, previous), files))
            return false;
        var version = NextVersion(previous);
        WriteFiles(Path.Combine(folder, version), files);
        var next = data + "_tmp";
        File.Delete(next);
        File.CreateSymbolicLink(next, version);
        if (Native.Rename(next, data) != 0)
            throw new IOException($"cannot replace {data}: {Marshal.GetLastPInvokeErrorMessage()}");
        LinkNames(folder, files);
        if (previous is not null)
            Directory.Delete(Path.Combine(folder, previous), recursive: true);
        return true;
    }

    // The kubelet names these folders after the time; a count tells versions apart without a clock.
    private static string NextVersion(string? previous) =>
        previous is not null && long.TryParse(previous.AsSpan(2), out var number) ? $"..{number + 1}" : "..1";

    private static void WriteFiles(string folder, IReadOnlyList<VolumeFile> files)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var file in files)
        {
            var path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content);
            File.SetUnixFileMode(path, file.Mode);
        }
    }

    private static void LinkNames(string folder, IReadOnlyList<VolumeFile> files)
    {
        var names = files.Select(file => file.Path.Split('/')[0]).ToHashSet();
        foreach (var name in names.Where(name => new FileInfo(Path.Combine(folder, name)).LinkTarget is null))
            File.CreateSymbolicLink(Path.Combine(folder, name), $"{Data}/{name}");
        var stale = Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!)
            .Where(name => !name.StartsWith("..", StringComparison.Ordinal) && !names.Contains(name));
        foreach (var name in stale.ToList())
            File.Delete(Path.Combine(folder, name));
    }

    private static bool Same(string folder, IReadOnlyList<VolumeFile> files)
    {
        if (!Directory.Exists(folder))
            return false;
        var count = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count();
        return count == files.Count && files.All(file => Same(Path.Combine(folder, file.Path), file));
    }

    private static bool Same(string path, VolumeFile file) =>
        File.Exists(path) && File.GetUnixFileMode(path) == file.Mode
        && File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Content);
}
