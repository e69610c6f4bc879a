namespace Sluice.Runtime.Storage.Web;

/// <summary>A flat store of named objects, in which those that begin alike are a folder.</summary>
internal interface IObjectStore
{
    /// <summary>The object of exactly this name.</summary>
    /// <exception cref="FailureException">There is none, or it may not be seen.</exception>
    Task<StoredObject> FindAsync(string key, CancellationToken cancellation);

    /// <summary>Gets what has this name, if it is there.</summary>
    OpenFile Get(string key);

    /// <summary>One page of the objects whose names begin so.</summary>
    /// <param name="prefix">Ends in '/', or is empty.</param>
    /// <param name="page">As the page before named it; null for the first.</param>
    /// <param name="cancellation">Ends it at once.</param>
    Task<ObjectPage> ListAsync(string prefix, string? page, CancellationToken cancellation);
}

/// <summary>What a store says of an object.</summary>
internal sealed record StoredObject(string Key, long? Size, OpenFile OpenAsync);

/// <summary>Part of a listing.</summary>
/// <param name="Objects">In the store's order.</param>
/// <param name="Next">Names the page after it; null for the last.</param>
internal sealed record ObjectPage(IReadOnlyList<StoredObject> Objects, string? Next);
