namespace Sluice.LocalCluster.Tests.Kubelet;

/// <summary>A folder of its own for a test, removed at the end.</summary>
internal sealed class TempFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("sluice-kubelet-").FullName;

    public static implicit operator string(TempFolder folder) => folder.Path;

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes an executable shell script and returns its path.</summary>
    internal string Script(string name, string body)
    {
        var path = File(name);
        System.IO.File.WriteAllText(path, "#!/bin/sh\n" + body.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process of the test may still write its last line.
        }
    }
}
