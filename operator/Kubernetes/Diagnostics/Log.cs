using Microsoft.Extensions.Logging;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;

namespace Sluice.Kubernetes.Diagnostics;

/// <summary>Every message of this library.</summary>
internal static partial class Log
{
    private static readonly Func<ILogger, string, object, IDisposable?> Pass =
        LoggerMessage.DefineScope<string, object>("{Controller} {Key}");

    public static IDisposable? PassScope(ILogger log, string controller, object key) => Pass(log, controller, key);

    [LoggerMessage(1, LogLevel.Debug, "{Method} {Path} was answered {Code}, repeating in {Wait}")]
    public static partial void RequestRepeated(ILogger log, HttpMethod method, string? path, int code, TimeSpan wait);

    [LoggerMessage(10, LogLevel.Information, "{Informer}: synced with {Count} objects")]
    public static partial void InformerSynced(ILogger log, string informer, int count);

    [LoggerMessage(11, LogLevel.Debug, "{Informer}: the version is gone while {Phase}, listing again")]
    public static partial void InformerExpired(ILogger log, string informer, InformerPhase phase);

    [LoggerMessage(12, LogLevel.Warning, "{Informer}: {Problem}; trying again in {Wait}")]
    public static partial void InformerFailed(ILogger log, string informer, string problem, TimeSpan wait);

    [LoggerMessage(13, LogLevel.Warning, "{Error}")]
    public static partial void ObjectBroken(ILogger log, string error);

    [LoggerMessage(14, LogLevel.Error, "{Informer}: a subscriber failed on {Key}")]
    public static partial void SubscriberFailed(ILogger log, string informer, ObjectKey key, Exception error);

    [LoggerMessage(20, LogLevel.Warning, "{Controller} {Key}: given up until something changes: {Reason}")]
    public static partial void PassTerminal(ILogger log, string controller, object key, string reason);

    [LoggerMessage(21, LogLevel.Debug, "{Controller} {Key}: somebody else wrote first, again in {Wait}")]
    public static partial void PassConflict(ILogger log, string controller, object key, TimeSpan wait);

    [LoggerMessage(22, LogLevel.Information, "{Controller} {Key}: the API server is busy, again in {Wait}")]
    public static partial void PassThrottled(ILogger log, string controller, object key, TimeSpan wait);

    [LoggerMessage(23, LogLevel.Error, "{Controller} {Key}: the pass failed, again in {Wait}")]
    public static partial void PassFailed(ILogger log, string controller, object key, TimeSpan wait, Exception error);

    [LoggerMessage(30, LogLevel.Information, "{Identity} leads: it holds the lease {Lease}")]
    public static partial void Leading(ILogger log, string identity, ObjectKey lease);

    [LoggerMessage(31, LogLevel.Information, "The lease {Lease} is held by {Holder}")]
    public static partial void LeaseHolder(ILogger log, ObjectKey lease, string holder);

    [LoggerMessage(32, LogLevel.Warning, "The lease {Lease} could not be read or written: {Problem}")]
    public static partial void ElectionFailed(ILogger log, ObjectKey lease, string problem);

    [LoggerMessage(33, LogLevel.Information, "The lease {Lease} is given up")]
    public static partial void LeaseReleased(ILogger log, ObjectKey lease);

    [LoggerMessage(40, LogLevel.Debug, "The event {Reason} of {Regarding} was not recorded: {Problem}")]
    public static partial void EventLost(ILogger log, string? reason, ObjectKey regarding, string problem);
}
