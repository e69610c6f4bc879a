using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Storage;

/// <summary>How far a fetch is, for whoever scrapes it while it lasts.</summary>
internal sealed class FetchMetrics
{
    private readonly Gauge received;
    private readonly Counter retries;
    private long? expected;

    public FetchMetrics()
    {
        received = Registry.Gauge(RuntimeCatalog.Of(MetricNames.FetchReceived)).With();
        Registry.Observe(RuntimeCatalog.Of(MetricNames.FetchExpected), () => expected is { } bytes ? [([], bytes)] : []);
        retries = Registry.Counter(RuntimeCatalog.Of(MetricNames.FetchRetries)).With();
    }

    public MetricRegistry Registry { get; } = new();

    /// <param name="total">Bytes of all files; null when the storage does not say.</param>
    public void Begins(long? total) => expected = total;

    /// <param name="bytes">That are there, of all files together.</param>
    public void At(long bytes) => received.Set(bytes);

    public void Retries() => retries.Increment();
}
