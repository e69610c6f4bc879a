using Microsoft.Extensions.Logging;

namespace Sluice.Kubernetes.Diagnostics;

/// <summary>Every message of this library.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "{Method} {Path} was answered {Code}, repeating in {Wait}")]
    public static partial void RequestRepeated(ILogger log, HttpMethod method, string? path, int code, TimeSpan wait);
}
