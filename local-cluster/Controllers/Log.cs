namespace Sluice.LocalCluster.Controllers;

/// <summary>What the controllers log beside what the controller loop itself does.</summary>
internal static partial class Log
{
    [LoggerMessage(3101, LogLevel.Debug, "Watching {Kind} begins anew")]
    internal static partial void MetadataWatchBroke(this ILogger log, Exception error, string kind);

    [LoggerMessage(3102, LogLevel.Warning, "The kinds that the server has could not be read")]
    internal static partial void CatalogFailed(this ILogger log, Exception error);

    [LoggerMessage(3103, LogLevel.Information, "Deleted {Kind} {Key}: its owners are gone")]
    internal static partial void Collected(this ILogger log, string kind, string key);
}
