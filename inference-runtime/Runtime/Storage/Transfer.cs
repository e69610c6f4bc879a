using System.Security.Cryptography;
using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>Copies one file of an artifact to disk, hashing on the way; called again after a break, it goes on where it was.</summary>
/// <param name="settings">The bounds.</param>
/// <param name="patience">With the other side.</param>
/// <param name="file">What to copy.</param>
/// <param name="folder">Where to.</param>
/// <param name="before">Bytes of the files that are already there.</param>
internal sealed class Transfer(PullSettings settings, Patience patience, SourceFile file, string folder, long before) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Resume reached;

    /// <summary>The most bytes that ever were there.</summary>
    public long Furthest { get; private set; }

    public void Dispose() => hash.Dispose();

    public async Task<Digest> RunAsync(CancellationToken cancellation)
    {
        if (file.Size is { } announced)
            CheckSize(announced);
        var target = Path.Combine(folder, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var opened = await OpenAsync(cancellation);
        await using var source = opened.Body;
        if (opened.Length is { } length)
            CheckSize(length);
        await using var output = new FileStream(target, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        Continue(opened, output);
        await CopyAsync(source, output, cancellation);
        return Finish();
    }

    private async Task<Opened> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return await patience.WaitAsync(c => file.OpenAsync(reached.Validator is null ? default : reached, c), cancellation);
        }
        catch (TransientException e) when (e.StartAnew)
        {
            reached = reached with { Validator = null };
            throw;
        }
    }

    private void Continue(Opened opened, FileStream output)
    {
        if (opened.Offset != reached.Offset)
        {
            _ = hash.GetHashAndReset();
            reached = default;
        }
        if (opened.Offset != reached.Offset)
            throw new InvalidOperationException($"A transfer went on at {opened.Offset} unasked.");
        reached = reached with { Validator = opened.Validator };
        output.SetLength(reached.Offset);
        output.Seek(reached.Offset, SeekOrigin.Begin);
    }

    private async Task CopyAsync(Stream source, Stream output, CancellationToken cancellation)
    {
        var buffer = new byte[BufferSize];
        while (await patience.WaitAsync(c => source.ReadAsync(buffer, c).AsTask(), cancellation) is > 0 and var read)
        {
            CheckSize(reached.Offset + read);
            await output.WriteAsync(buffer.AsMemory(0, read), cancellation);
            hash.AppendData(buffer.AsSpan(0, read));
            reached = reached with { Offset = reached.Offset + read };
            Furthest = Math.Max(Furthest, reached.Offset);
        }
    }

    private Digest Finish()
    {
        var size = reached.Offset;
        reached = default;
        var digest = new Digest(Digest.Hex(hash.GetHashAndReset()), size);
        if (file.Size is { } announced && announced != size)
            throw new TransientException($"{file.Path} has {size} bytes, but the listing says {announced}");
        if (file.Sha256 is { } known && known != digest.Sha256)
        {
            throw new FailureException(
                TerminationReasons.DigestMismatch, $"{file.Path} has sha256 {digest.Sha256}, but {file.Sha256From} says {known}.");
        }
        return digest;
    }

    private void CheckSize(long size)
    {
        if (before + size > settings.MaxBytes)
        {
            throw new FailureException(
                TerminationReasons.TooLarge, $"{settings.Shown} is larger than {settings.MaxBytes} bytes; --max-bytes sets the bound.");
        }
    }
}
