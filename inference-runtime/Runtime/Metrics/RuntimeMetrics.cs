using System.Collections.Concurrent;
using Sluice.Contract.Metrics;
using Sluice.Runtime.Storage;

namespace Sluice.Runtime.Metrics;

/// <summary>All metrics of this process.</summary>
internal sealed class RuntimeMetrics
{
    private readonly CounterFamily requests;
    private readonly HistogramFamily durations;
    private readonly HistogramFamily inference;
    private readonly HistogramFamily queue;
    private readonly GaugeFamily inFlight;
    private readonly GaugeFamily load;
    private readonly GaugeFamily ready;
    private readonly ConcurrentDictionary<(string Model, string Version), ModelMetrics> models = new();

    public RuntimeMetrics(TimeProvider time, string revision, bool perRequest = true)
    {
        (Time, Revision, PerRequest) = (time, revision, perRequest);
        requests = Registry.Counter(RuntimeCatalog.Of(MetricNames.Requests));
        durations = Registry.Histogram(RuntimeCatalog.Of(MetricNames.RequestDuration));
        inference = Registry.Histogram(RuntimeCatalog.Of(MetricNames.InferenceDuration));
        queue = Registry.Histogram(RuntimeCatalog.Of(MetricNames.QueueDuration));
        inFlight = Registry.Gauge(RuntimeCatalog.Of(MetricNames.RequestsInFlight));
        load = Registry.Gauge(RuntimeCatalog.Of(MetricNames.ModelLoad));
        ready = Registry.Gauge(RuntimeCatalog.Of(MetricNames.ModelReady));
        Rejected = Registry.Counter(RuntimeCatalog.Of(MetricNames.Rejected));
    }

    public MetricRegistry Registry { get; } = new();

    public CounterFamily Rejected { get; }

    public TimeProvider Time { get; }

    public string Revision { get; }

    /// <summary>False records nothing per request, to see what recording costs.</summary>
    public bool PerRequest { get; }

    /// <summary>The same for every load of a version, so that what was counted goes on.</summary>
    public ModelMetrics For(string model, string version) =>
        models.GetOrAdd((model, version), static (key, metrics) => metrics.Make(key.Model, key.Version), this);

    private ModelMetrics Make(string model, string version) => new(
        Time,
        PerRequest,
        inference.With(model, version, Revision),
        queue.With(model, version, Revision),
        inFlight.With(model, version, Revision),
        protocol => new ProtocolMetrics(
            Time,
            PerRequest,
            durations.With(model, version, Revision, protocol),
            code => requests.With(model, version, Revision, protocol, code)));

    /// <summary>What the fetching container did, so that it can be seen beside what came after it.</summary>
    public void Fetched(PullRecord record)
    {
        var from = record.Cached ? "cache" : "origin";
        Registry.Gauge(RuntimeCatalog.Of(MetricNames.ModelFetch)).With(from).Set(record.Seconds);
        Registry.Gauge(RuntimeCatalog.Of(MetricNames.ModelFetchBytes)).With(from).Set(record.Bytes);
    }

    public void Loaded(string model, string version, TimeSpan took)
    {
        load.With(model, version, Revision).Set(took.TotalSeconds);
        ready.With(model, version, Revision).Set(1);
    }

    public void Unloaded(string model, string version) => ready.With(model, version, Revision).Set(0);
}
