namespace Sluice.Contract.Metrics;

/// <summary>Names of the metrics about the payload log.</summary>
public static class PayloadMetricNames
{
    public const string Events = "sluice_payload_events_total";
    public const string Queued = "sluice_payload_queued_events";
    public const string QueuedBytes = "sluice_payload_queued_bytes";
}
