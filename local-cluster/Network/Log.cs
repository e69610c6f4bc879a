namespace Sluice.LocalCluster.Network;

internal static partial class Log
{
    [LoggerMessage(3201, LogLevel.Information, "Service {Service}: {Note}")]
    internal static partial void ServicePort(this ILogger log, string service, string note);
}
