using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Diagnostics;

namespace Sluice.Operator.Metrics;

/// <summary>Carries what a meter of .NET records over to Prometheus' registry.</summary>
internal sealed class MeterBridge : IDisposable
{
    readonly MeterListener listener = new();

    /// <param name="registry">Gets a family for each instrument.</param>
    /// <param name="instruments">Of one meter.</param>
    public MeterBridge(MetricRegistry registry, ImmutableArray<MeterInstrument> instruments)
    {
        var families = instruments.ToDictionary(static i => i.Instrument, i => Make(registry, OperatorCatalog.Of(i)));
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (families.TryGetValue(instrument, out var family))
                to.EnableMeasurementEvents(instrument, family);
        };
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => Record((MetricFamily)family!, value, tags));
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => Record((MetricFamily)family!, value, tags));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    static MetricFamily Make(MetricRegistry registry, MetricDescriptor metric) => metric.Type switch
    {
        MetricType.Counter => registry.Counter(metric),
        MetricType.Histogram => registry.Histogram(metric),
        _ => registry.Gauge(metric),
    };

    static void Record(MetricFamily family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new string[family.Labels.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = Find(tags, family.Labels[i]);
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

    static string Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (string.Equals(tag.Key, name, StringComparison.Ordinal))
                return tag.Value?.ToString() ?? "";
        }

        return "";
    }
}
