using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Sluice.Contract.Metrics;

namespace Sluice.Operator.Hosting;

/// <summary>
/// Carries what a meter of .NET records over to Prometheus' registry. Names get Prometheus' endings: <c>_total</c> for
/// counters, <c>_seconds</c> for times.
/// </summary>
internal sealed class MeterBridge : IDisposable
{
    readonly MetricRegistry registry;
    readonly MeterListener listener = new();
    readonly ConcurrentDictionary<Instrument, MetricFamily> families = new();
    readonly Lock making = new();

    public MeterBridge(MetricRegistry registry, string meter)
    {
        this.registry = registry;
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Name == meter)
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!families.TryGetValue(instrument, out var family))
            family = Make(instrument, tags);
        var labels = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            labels[i] = tags[i].Value?.ToString() ?? "";
        switch (family)
        {
            case CounterFamily counter:
                counter.With(labels).Add(value);
                break;
            case GaugeFamily gauge:
                gauge.With(labels).Add(value);
                break;
            case HistogramFamily histogram:
                histogram.With(labels).Observe(value);
                break;
        }
    }

    /// <summary>An instrument's tags are the same at each measurement, so the first one names the labels.</summary>
    MetricFamily Make(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            labels[i] = tags[i].Key;
        var help = instrument.Description ?? instrument.Name;
        lock (making)
        {
            if (families.TryGetValue(instrument, out var made))
                return made;
            MetricFamily family = instrument switch
            {
                Histogram<double> => registry.Histogram(instrument.Name + "_seconds", help, HistogramBounds.Seconds, labels),
                UpDownCounter<long> => registry.Gauge(instrument.Name, help, labels),
                _ => registry.Counter(instrument.Name + "_total", help, labels),
            };
            families[instrument] = family;
            return family;
        }
    }
}
