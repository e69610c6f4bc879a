using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Contract;

namespace Sluice.Runtime.Tests.Routing;

/// <summary>A folder with a split document, changed as the kubelet does it: by swapping a link above the file.</summary>
internal sealed partial class MountedSplit : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sluice-split-").FullName;
    private int version;

    public string File => System.IO.Path.Combine(folder, SplitDocument.FileName);

    public void Write(SplitDocument document) =>
        Write(JsonSerializer.Serialize(document, ContractJson.Default.SplitDocument));

    public void Write(string text)
    {
        var name = $"..{++version}";
        Directory.CreateDirectory(System.IO.Path.Combine(folder, name));
        System.IO.File.WriteAllText(System.IO.Path.Combine(folder, name, SplitDocument.FileName), text);
        var data = System.IO.Path.Combine(folder, "..data");
        System.IO.File.CreateSymbolicLink(data + "_tmp", name);
        Rename(data + "_tmp", data).Should().Be(0);
        if (!System.IO.File.Exists(File))
            System.IO.File.CreateSymbolicLink(File, $"..data/{SplitDocument.FileName}");
        if (version > 1)
            Directory.Delete(System.IO.Path.Combine(folder, $"..{version - 1}"), recursive: true);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>.NET's own does not replace a link to a folder.</summary>
    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);
}

/// <summary>Split documents as tests want them.</summary>
internal static class Splits
{
    public static SplitDocument Of(long generation, params SplitShare[] shares) =>
        new() { Generation = generation, Shares = shares };

    public static SplitShare Stable(int percent, string revision = "r1") => new() { Revision = revision, Percent = percent };

    public static SplitShare Candidate(int percent, string revision = "r2", string at = "127.0.0.1:1") =>
        new() { Revision = revision, Percent = percent, Http = at, Grpc = at };
}
