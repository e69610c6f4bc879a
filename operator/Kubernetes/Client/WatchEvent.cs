using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Client;

public enum WatchEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>No object, only a newer resource version.</summary>
    Bookmark,
}

/// <summary>
/// One event of a watch. <c>Object</c> is null for a bookmark and for an object that could not be read, which then is
/// described by <c>Broken</c>. The server's ERROR events are thrown as <see cref="KubeApiException"/>.
/// </summary>
public readonly record struct WatchEvent<T>(WatchEventType Type, T? Object, BrokenObject? Broken, string? ResourceVersion)
    where T : class;
