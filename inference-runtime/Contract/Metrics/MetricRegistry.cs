using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Sluice.Contract.Metrics;

/// <summary>The metrics of one process, in the order they were made. Make each once, at start.</summary>
public sealed class MetricRegistry
{
    private readonly Lock gate = new();
    private volatile ImmutableList<MetricFamily> families = [];
    private Meter? published;

    public CounterFamily Counter(MetricDescriptor metric) => Add(new CounterFamily(Of(metric, MetricType.Counter)));

    public GaugeFamily Gauge(MetricDescriptor metric) => Add(new GaugeFamily(Of(metric, MetricType.Gauge)));

    public HistogramFamily Histogram(MetricDescriptor metric) => Histogram(metric, HistogramBounds.Seconds);

    /// <param name="bounds">See <see cref="HistogramBounds"/>.</param>
    public HistogramFamily Histogram(MetricDescriptor metric, ImmutableArray<double> bounds) =>
        Add(new HistogramFamily(Of(metric, MetricType.Histogram), bounds));

    /// <summary>A number without labels that is read at each scrape.</summary>
    public void Observe(MetricDescriptor metric, Func<double> read) => Observe(metric, () => [([], read())]);

    /// <summary>Numbers that are read at each scrape, told apart by label values.</summary>
    public void Observe(MetricDescriptor metric, Func<IEnumerable<(ImmutableArray<string> Labels, double Value)>> read) =>
        Add(new ObservedMetric(metric, read));

    /// <summary>All series in Prometheus' text format 0.0.4, UTF-8.</summary>
    public ReadOnlyMemory<byte> ToPrometheusText()
    {
        var text = new PrometheusText();
        foreach (var family in families)
        {
            text.Header(family);
            family.Write(text);
        }
        return text.ToUtf8();
    }

    /// <summary>
    /// Shows all series, those to come as well, as instruments of a meter. Histograms show what is observed from now on.
    /// </summary>
    public void Publish(Meter meter)
    {
        lock (gate)
        {
            if (published is not null)
                throw new InvalidOperationException($"The metrics are instruments of the meter {published.Name} already.");
            published = meter;
            foreach (var family in families)
                family.Publish(meter);
        }
    }

    private static MetricDescriptor Of(MetricDescriptor metric, MetricType type) => metric.Type == type
        ? metric
        : throw new ArgumentException($"{metric.Name} is described as a {metric.Type}, not as a {type}.", nameof(metric));

    private T Add<T>(T family)
        where T : MetricFamily
    {
        lock (gate)
        {
            if (families.Exists(f => string.Equals(f.Name, family.Name, StringComparison.Ordinal)))
                throw new InvalidOperationException($"The metric {family.Name} exists already.");
            families = families.Add(family);
            if (published is { } meter)
                family.Publish(meter);
        }

        return family;
    }
}
