namespace Sluice.Contract.Metrics;

/// <summary>Names of the metrics about the payload log.</summary>
public static class PayloadMetricNames
{
    /// <summary>Counter {result}: eligible, and of these sent, dropped and failed; the rest is queued.</summary>
    public const string Events = "sluice_payload_events_total";

    /// <summary>Gauge.</summary>
    public const string Queued = "sluice_payload_queued_events";

    /// <summary>Gauge.</summary>
    public const string QueuedBytes = "sluice_payload_queued_bytes";
}
