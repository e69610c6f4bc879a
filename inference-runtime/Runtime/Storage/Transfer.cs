using System.Security.Cryptography;
using Sluice.Contract;

namespace Sluice.Runtime.Storage;

/// <summary>Copies files of one artifact, within its bounds, checking digests that lie beside them.</summary>
internal sealed class Transfer(TimeProvider time, PullSettings settings)
{
    private const int BufferSize = 128 * 1024;

    private long before;

    public async Task<Digest> FetchAsync(SourceFile file, string folder, CancellationToken cancellation)
    {
        if (file.Size is { } announced)
            CheckSize(announced);
        var target = Path.Combine(folder, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using var source = await Patiently(file.OpenAsync, cancellation);
        await using var output = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var digest = await CopyAsync(source, output, cancellation);
        if (file.Sha256 is { } beside && beside != digest.Sha256)
        {
            throw new FailureException(
                TerminationReasons.DigestMismatch, $"{file.Path} has sha256 {digest.Sha256}, but the .sha256 file beside it says {beside}.");
        }
        before += digest.SizeBytes;
        return digest;
    }

    private async Task<Digest> CopyAsync(Stream source, Stream output, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        long size = 0;
        while (true)
        {
            var read = await Patiently(c => source.ReadAsync(buffer, c).AsTask(), cancellation);
            if (read == 0)
                return new Digest(Digest.Hex(hash.GetHashAndReset()), size);
            size += read;
            CheckSize(size);
            hash.AppendData(buffer.AsSpan(0, read));
            await output.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }

    private async Task<T> Patiently<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(settings.StallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellation);
        try
        {
            return await step(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientException($"nothing came for {settings.StallTimeout.TotalSeconds:0} s");
        }
    }

    private void CheckSize(long size)
    {
        if (before + size > settings.MaxBytes)
        {
            throw new FailureException(
                TerminationReasons.TooLarge, $"{settings.Address} is larger than {settings.MaxBytes} bytes; --max-bytes sets the bound.");
        }
    }
}
