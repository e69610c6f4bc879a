namespace Sluice.LocalCluster.Kubelet;

/// <summary>What the kubelet logs; events on the pods say the rest.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Pod {Pod} runs at {Address}")]
    internal static partial void PodAccepted(this ILogger log, string pod, string address);

    [LoggerMessage(3002, LogLevel.Information, "Container {Container} of pod {Pod} started as process {Pid}")]
    internal static partial void ContainerStarted(this ILogger log, string pod, string container, int pid);

    [LoggerMessage(3003, LogLevel.Information, "Container {Container} of pod {Pod} ended with code {Code}")]
    internal static partial void ContainerEnded(this ILogger log, string pod, string container, int code);

    [LoggerMessage(3004, LogLevel.Warning, "Pod {Pod} is tried again soon")]
    internal static partial void PodSyncFailed(this ILogger log, Exception error, string pod);

    [LoggerMessage(3005, LogLevel.Warning, "Removing {Folder} failed")]
    internal static partial void CleanupFailed(this ILogger log, Exception error, string folder);

    [LoggerMessage(3006, LogLevel.Warning, "The node's status could not be written")]
    internal static partial void HeartbeatFailed(this ILogger log, Exception error);

    [LoggerMessage(3007, LogLevel.Error, "Probing container {Container} has stopped")]
    internal static partial void ProbeLoopFailed(this ILogger log, Exception error, string container);
}
