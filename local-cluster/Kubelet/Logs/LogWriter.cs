using System.Globalization;
using System.Text;

namespace Sluice.LocalCluster.Kubelet.Logs;

/// <summary>Copies a process's output into its log file, a timestamp before each line, and rotates by size.</summary>
internal sealed class LogWriter : IDisposable
{
    // A program that never ends its line must not hold it in memory for ever; the real limit is 16 KB too.
    private const int LongestLine = 16 * 1024;
    private readonly byte[] _line = new byte[LongestLine];
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly long _rotateAtBytes;
    private int _length;
    private FileStream _file;

    internal LogWriter(string path, TimeProvider time, long rotateAtBytes = LogFiles.RotateAtBytes)
    {
        (_path, _time, _rotateAtBytes) = (path, time, rotateAtBytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = Open();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Returns when the output has ended.</summary>
    internal async Task CopyAsync(Stream output, CancellationToken cancel)
    {
        var buffer = new byte[8192];
        int read;
        while ((read = await output.ReadAsync(buffer, cancel)) > 0)
        {
            Take(buffer.AsSpan(0, read));
            await _file.FlushAsync(cancel);
        }
        if (_length > 0)
            EndLine();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = bytes[..Math.Min(bytes.Length, LongestLine - _length)];
            var end = room.IndexOf((byte)'\n');
            var part = end < 0 ? room : room[..end];
            part.CopyTo(_line.AsSpan(_length));
            _length += part.Length;
            bytes = bytes[(end < 0 ? part.Length : end + 1)..];
            if (end >= 0 || _length == LongestLine)
                EndLine();
        }
    }

    private void EndLine()
    {
        if (_file.Position >= _rotateAtBytes)
            Rotate();
        var stamp = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z '", CultureInfo.InvariantCulture);
        _file.Write(Encoding.ASCII.GetBytes(stamp));
        _file.Write(_line.AsSpan(0, _length));
        _file.WriteByte((byte)'\n');
        _length = 0;
    }

    private void Rotate()
    {
        _file.Dispose();
        File.Move(_path, LogFiles.Rotated(_path), overwrite: true);
        _file = Open();
    }

    private FileStream Open() =>
        new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
}
