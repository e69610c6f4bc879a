namespace Sluice.Runtime.Batch;

/// <summary>A file that grows under another name until it is whole.</summary>
internal sealed class PartFile : IDisposable
{
    private readonly string path;
    private readonly FileStream stream;

    /// <param name="path">Its name when it is whole.</param>
    /// <exception cref="IOException">It cannot be written, or another run writes it.</exception>
    public PartFile(string path)
    {
        this.path = path;
        stream = new FileStream(path + ".part", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
    }

    public long Length => stream.Position;

    /// <summary>There is no more than a run that is to go on has left.</summary>
    public bool Holds(long length) => stream.Length >= length;

    public void CutTo(long length)
    {
        stream.SetLength(length);
        stream.Position = length;
    }

    public void Write(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    /// <summary>Returns when what was written outlives the machine.</summary>
    public void Secure() => stream.Flush(flushToDisk: true);

    /// <summary>Gives it its name.</summary>
    public void Publish()
    {
        Secure();
        stream.Dispose();
        File.Move(path + ".part", path, overwrite: true);
    }

    public void Dispose() => stream.Dispose();
}
