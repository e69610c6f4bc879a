using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Hosting;

/// <summary>Everything that the operator says in its log.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Sluice operator {Version}; API server {Server}; namespaces {Namespaces}; runtime image {Image}")]
    public static partial void Starting(ILogger log, string version, Uri server, string namespaces, string image);

    [LoggerMessage(2, LogLevel.Information, "Now leading: reconciling with {Workers} workers")]
    public static partial void Working(ILogger log, int workers);

    [LoggerMessage(3, LogLevel.Information, "Stopping: passes under way are finished, then the lease is given up")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(4, LogLevel.Critical, "{Message} The process ends so that it starts again.")]
    public static partial void LeadershipLost(ILogger log, string message);

    [LoggerMessage(5, LogLevel.Information, "Health and metrics on {Address}")]
    public static partial void Listening(ILogger log, string address);

    [LoggerMessage(6, LogLevel.Information, "Informers run; waiting for the lease {Lease}")]
    public static partial void Waiting(ILogger log, ObjectKey lease);

    [LoggerMessage(10, LogLevel.Debug, "{Message}")]
    public static partial void StaleView(ILogger log, string message);

    [LoggerMessage(11, LogLevel.Error, "InferenceService {Key} cannot be read and is left alone: {Error}")]
    public static partial void Unreadable(ILogger log, ObjectKey key, string error);

    [LoggerMessage(12, LogLevel.Warning, "The record of attempt {Attempt} of InferenceService {Key} could not be written and is tried again: {Error}")]
    public static partial void NotRecorded(ILogger log, int attempt, ObjectKey key, string error);
}
