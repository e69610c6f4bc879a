using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Payloads;

/// <summary>What became of the events. Whenever nothing moves: eligible = sent + dropped + failed + queued.</summary>
internal sealed class PayloadBooks
{
    public PayloadBooks(MetricRegistry registry)
    {
        var events = registry.Counter(RuntimeCatalog.Of(PayloadMetricNames.Events));
        (Eligible, Sent, Dropped, Failed) = (events.With("eligible"), events.With("sent"), events.With("dropped"), events.With("failed"));
        Queued = registry.Gauge(RuntimeCatalog.Of(PayloadMetricNames.Queued)).With();
        QueuedBytes = registry.Gauge(RuntimeCatalog.Of(PayloadMetricNames.QueuedBytes)).With();
    }

    /// <summary>Drawn, and of a kind that is logged.</summary>
    public Counter Eligible { get; }

    public Counter Sent { get; }

    /// <summary>No room, no time left when stopping, or what must never be logged could not be taken out.</summary>
    public Counter Dropped { get; }

    /// <summary>The sink did not take it, however often it was asked.</summary>
    public Counter Failed { get; }

    public Gauge Queued { get; }

    public Gauge QueuedBytes { get; }
}
