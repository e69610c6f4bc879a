namespace Sluice.Telemetry;

/// <summary>Every message of this library.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Exporting traces to {Traces} and metrics to {Metrics}, as OpenTelemetry's variables say")]
    public static partial void Exporting(ILogger log, string traces, string metrics);

    [LoggerMessage(2, LogLevel.Warning, "{What} are lost: {Address} does not take them; is that the receiver, and does it speak the protocol in OTEL_EXPORTER_OTLP_PROTOCOL?")]
    public static partial void Refused(ILogger log, string what, Uri address);

    [LoggerMessage(3, LogLevel.Information, "{What} are taken again by {Address}")]
    public static partial void Taken(ILogger log, string what, Uri address);
}
