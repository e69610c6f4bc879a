namespace Sluice.Runtime.Storage;

/// <summary>One way to reach models, such as a protocol or a cloud's object store.</summary>
internal interface IModelSource
{
    /// <summary>Of the addresses that it serves, in lower case.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>Whether an address is one of its own; the first source that says so gets it.</summary>
    bool Serves(string address) => Schemes.Contains(Contract.StorageSchemes.Of(address));

    /// <summary>What lies on this machine, or is mounted, gains nothing by lying in a cache of the node too.</summary>
    bool IsLocal => false;

    /// <summary>The files at an address: one, or all of a folder.</summary>
    /// <exception cref="FailureException">It will not work, however often tried.</exception>
    /// <exception cref="TransientException">Trying again may help.</exception>
    Task<IReadOnlyList<SourceFile>> FindAsync(string address, CancellationToken cancellation);

    /// <summary>What the storage knows of how the artifact that was found last came to be, by name; null where it knows nothing.</summary>
    Task<IReadOnlyDictionary<string, string>?> LineageAsync(string address, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<string, string>?>(null);
}

/// <summary>Opens a file for reading, where it can from where a broken transfer ended.</summary>
internal delegate Task<Opened> OpenFile(Resume from, CancellationToken cancellation);

/// <summary>One file of an artifact.</summary>
/// <param name="Path">Where it belongs below the target folder; '/' between its parts.</param>
/// <param name="Size">Bytes, when the source says.</param>
/// <param name="OpenAsync">Throws as <see cref="IModelSource.FindAsync"/> does.</param>
internal sealed record SourceFile(string Path, long? Size, OpenFile OpenAsync)
{
    /// <summary>SHA-256 that the source knows of the file, lower-case hex; null when it knows none.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Who says so, for a message.</summary>
    public string Sha256From { get; init; } = "the .sha256 file beside it";

    /// <summary>It stands for the files within it; null for a file as it is.</summary>
    public TarArchive? Archive { get; init; }
}

/// <summary>How far a transfer came before it broke.</summary>
/// <param name="Offset">Bytes that are there.</param>
/// <param name="Validator">An entity tag or a date that the rest must still have; null forbids going on.</param>
internal readonly record struct Resume(long Offset, string? Validator);

/// <summary>A file that is being read.</summary>
/// <param name="Body">Its bytes from the offset on.</param>
/// <param name="Offset">Where the body begins: 0, or where the broken transfer ended.</param>
/// <param name="Validator">What to go on with when this transfer breaks too.</param>
/// <param name="Length">Bytes of the whole file, when known.</param>
internal sealed record Opened(Stream Body, long Offset = 0, string? Validator = null, long? Length = null)
{
    /// <summary>As the server calls what it sends; null when it does not say.</summary>
    public string? MediaType { get; init; }
}

/// <summary>A failure that may pass: the storage is busy, restarting, or the network hiccups.</summary>
internal sealed class TransientException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>When the storage says how long to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What came so far is of no use.</summary>
    public bool StartAnew { get; init; }
}
