namespace Sluice.Runtime.Storage;

/// <summary>One way to reach models, such as a protocol or a cloud's object store.</summary>
internal interface IModelSource
{
    /// <summary>Of the addresses that it serves, in lower case.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>The files at an address: one, or all of a folder.</summary>
    /// <exception cref="FailureException">It will not work, however often tried.</exception>
    /// <exception cref="TransientException">Trying again may help.</exception>
    Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation);
}

/// <summary>One file of an artifact.</summary>
/// <param name="Path">Where it belongs below the target folder; '/' between its parts.</param>
/// <param name="Size">Bytes, when the source says.</param>
/// <param name="OpenAsync">Opens it from its beginning; throws as <see cref="IModelSource.FindAsync"/> does.</param>
internal sealed record SourceFile(string Path, long? Size, Func<CancellationToken, Task<Stream>> OpenAsync)
{
    /// <summary>SHA-256 that lies beside the file, lower-case hex; null when none does.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>A failure that may pass: the storage is busy, restarting, or the network hiccups.</summary>
internal sealed class TransientException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>When the storage says how long to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
