namespace Sluice.LocalCluster.Api.Http;

internal static partial class ApiLog
{
    [LoggerMessage(1101, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, string method, string? path, Exception error);

    [LoggerMessage(1102, LogLevel.Warning, "CustomResourceDefinition {Name}: {Message}")]
    public static partial void DefinitionFailed(this ILogger logger, string name, string message);
}
