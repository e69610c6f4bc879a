namespace Sluice.Telemetry;

/// <summary>One of OpenTelemetry's variables says what cannot be done; the message names it and what it may be.</summary>
public sealed class TelemetryException(string message) : Exception(message);
