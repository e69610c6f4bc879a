using System.Security.Cryptography;
using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>Copies one file of an artifact to disk, hashing on the way; called again after a break, it goes on where it was.</summary>
/// <param name="settings">The bounds.</param>
/// <param name="patience">With the other side.</param>
/// <param name="file">What to copy.</param>
/// <param name="staging">Where to.</param>
/// <param name="before">Bytes of the files that are already there.</param>
/// <param name="progress">Hears of every piece.</param>
internal sealed class Transfer(PullSettings settings, Patience patience, SourceFile file, Staging staging, long before, Progress progress) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly string target = Path.Combine(staging.Files, file.Path);
    private Resume reached;
    private bool isBegun;

    /// <summary>The most bytes that ever were there.</summary>
    public long Furthest { get; private set; }

    public void Dispose() => hash.Dispose();

    public async Task<Digest> RunAsync(CancellationToken cancellation)
    {
        if (file.Size is { } announced)
            CheckSize(announced);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (!isBegun)
            await TakeUpAsync(cancellation);
        var opened = await OpenAsync(cancellation);
        await using var source = opened.Body;
        if (opened.Length is { } length)
            CheckSize(length);
        progress.Opened(opened.Length);
        await using var output = new FileStream(target, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        Continue(opened, output);
        await CopyAsync(source, output, cancellation);
        return Finish();
    }

    /// <summary>Only a known digest tells whether what an earlier container left is sound.</summary>
    private bool MayOutlive => settings.Sha256 is not null || file.Sha256 is not null;

    /// <summary>Goes on with what an earlier container left, after reading it for the hash.</summary>
    private async Task TakeUpAsync(CancellationToken cancellation)
    {
        isBegun = true;
        if (!MayOutlive || staging.Partial(file.Path) is not { Offset: > 0 } left)
            return;
        await using var there = File.OpenRead(target);
        var buffer = new byte[BufferSize];
        for (var missing = left.Offset; missing > 0;)
        {
            var read = await there.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, missing)), cancellation);
            hash.AppendData(buffer.AsSpan(0, read));
            missing -= read;
        }
        (reached, Furthest) = (left, left.Offset);
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
        staging.Remember(file.Path, MayOutlive ? opened.Validator : null);
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
            progress.At(before + reached.Offset);
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
