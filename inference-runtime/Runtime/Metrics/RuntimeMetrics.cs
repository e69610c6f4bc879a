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
        ReadOnlySpan<string> model = [MetricNames.ModelLabel, MetricNames.VersionLabel, MetricNames.RevisionLabel];
        requests = Registry.Counter(
            MetricNames.Requests, "Answered requests.", [.. model, MetricNames.ProtocolLabel, MetricNames.CodeLabel]);
        durations = Registry.Histogram(
            MetricNames.RequestDuration,
            "From a request's headers to its answer.",
            HistogramBounds.Seconds,
            [.. model, MetricNames.ProtocolLabel]);
        inference = Registry.Histogram(
            MetricNames.InferenceDuration, "Inside ONNX Runtime.", HistogramBounds.Seconds, model);
        queue = Registry.Histogram(
            MetricNames.QueueDuration, "Waiting for a turn.", HistogramBounds.Seconds, model);
        inFlight = Registry.Gauge(MetricNames.RequestsInFlight, "Requests being worked on.", model);
        load = Registry.Gauge(MetricNames.ModelLoad, "What loading and warming took.", model);
        ready = Registry.Gauge(MetricNames.ModelReady, "1 when loaded and warmed.", model);
        Rejected = Registry.Counter(
            MetricNames.Rejected, "Requests refused before they reached a model.", MetricNames.ReasonLabel);
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
        Registry.Gauge(MetricNames.ModelFetch, "What fetching the artifact took.", MetricNames.FromLabel).With(from).Set(record.Seconds);
        Registry.Gauge(MetricNames.ModelFetchBytes, "Size of the artifact that was fetched.", MetricNames.FromLabel).With(from).Set(record.Bytes);
    }

    public void Loaded(string model, string version, TimeSpan took)
    {
        load.With(model, version, Revision).Set(took.TotalSeconds);
        ready.With(model, version, Revision).Set(1);
    }

    public void Unloaded(string model, string version) => ready.With(model, version, Revision).Set(0);
}
