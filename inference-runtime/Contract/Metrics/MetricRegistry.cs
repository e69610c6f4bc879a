using System.Collections.Immutable;

namespace Sluice.Contract.Metrics;

/// <summary>The metrics of one process, in the order they were made. Make each once, at start.</summary>
public sealed class MetricRegistry
{
    private ImmutableList<MetricFamily> families = [];

    public CounterFamily Counter(string name, string help, params ReadOnlySpan<string> labels) =>
        Add(new CounterFamily(name, help, [.. labels]));

    public GaugeFamily Gauge(string name, string help, params ReadOnlySpan<string> labels) =>
        Add(new GaugeFamily(name, help, [.. labels]));

    /// <param name="bounds">See <see cref="HistogramBounds"/>.</param>
    public HistogramFamily Histogram(
        string name, string help, ImmutableArray<double> bounds, params ReadOnlySpan<string> labels) =>
        Add(new HistogramFamily(name, help, [.. labels], bounds));

    /// <summary>A gauge that is read at each scrape.</summary>
    public void ObserveGauge(string name, string help, Func<double> read) =>
        Add(new ObservedMetric(name, help, "gauge", read));

    /// <summary>A counter that is read at each scrape.</summary>
    public void ObserveCounter(string name, string help, Func<double> read) =>
        Add(new ObservedMetric(name, help, "counter", read));

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

    private T Add<T>(T family)
        where T : MetricFamily
    {
        ImmutableInterlocked.Update(
            ref families,
            static (all, added) => all.Exists(f => string.Equals(f.Name, added.Name, StringComparison.Ordinal))
                ? throw new InvalidOperationException($"The metric {added.Name} exists already.")
                : all.Add(added),
            family);
        return family;
    }
}
