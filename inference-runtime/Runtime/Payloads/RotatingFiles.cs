using System.Globalization;

namespace Sluice.Runtime.Payloads;

/// <summary>
/// Files of lines in a folder that other pods may write to as well, each its own files. When one is full, the next is
/// begun, and the oldest go, whoever wrote them, until there is room for it: pods that are gone tidy up no more.
/// </summary>
internal sealed class RotatingFiles : IAsyncDisposable
{
    private const string Ending = ".jsonl";

    /// <summary>Files that all the room is for, so that little is lost when the oldest goes.</summary>
    private const int Parts = 8;

    private const long LargestFile = 64 << 20;

    private readonly string folder;
    private readonly string name;
    private readonly long room;
    private readonly long fileRoom;
    private readonly TimeProvider time;
    private FileStream? open;
    private int begun;

    /// <param name="folder">It is made when it is not there.</param>
    /// <param name="name">Begins the names of the files: of the pod.</param>
    /// <param name="room">Bytes that all files together may take.</param>
    /// <param name="time">In the files' names, which so have the order of their age.</param>
    public RotatingFiles(string folder, string name, long room, TimeProvider time)
    {
        (this.folder, this.name, this.room, this.time) = (folder, name, room, time);
        fileRoom = Math.Clamp(room / Parts, 1, LargestFile);
    }

    /// <summary>Writes whole lines, or none.</summary>
    /// <exception cref="IOException">It is full, or not there.</exception>
    /// <exception cref="UnauthorizedAccessException">This program may not write there.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> lines)
    {
        // Another pod may have made room of a file that was old and not yet full.
        if (open is not null && ((open.Length > 0 && open.Length + lines.Length > fileRoom) || !File.Exists(open.Name)))
            await CloseAsync();
        open ??= Begin(lines.Length);
        var before = open.Length;
        try
        {
            await open.WriteAsync(lines);
        }
        catch
        {
            // A disk that fills up takes the beginning of a line, and who reads the file would stumble over that.
            await CutAsync(open, before);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task CutAsync(FileStream file, long length)
    {
        try
        {
            file.SetLength(length);
            file.Position = length;
        }
        catch (IOException)
        {
            await CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        var closed = open;
        open = null;
        if (closed is not null)
            await closed.DisposeAsync();
    }

    private FileStream Begin(int wanted)
    {
        Directory.CreateDirectory(folder);
        MakeRoom(Math.Max(wanted, fileRoom));
        var file = string.Create(CultureInfo.InvariantCulture, $"{name}-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{++begun:0000}{Ending}");
        return new FileStream(Path.Combine(folder, file), FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0, useAsync: true);
    }

    private void MakeRoom(long wanted)
    {
        var files = new DirectoryInfo(folder).GetFiles("*" + Ending).OrderBy(static f => f.LastWriteTimeUtc).ThenBy(static f => f.Name, StringComparer.Ordinal).ToList();
        var taken = files.Sum(static f => f.Length);
        foreach (var file in files.TakeWhile(_ => taken + wanted > room))
        {
            taken -= file.Length;
            file.Delete();
        }
    }
}
