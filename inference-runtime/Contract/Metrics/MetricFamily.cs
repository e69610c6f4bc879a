using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Sluice.Contract.Metrics;

/// <summary>All series of one metric name.</summary>
public abstract class MetricFamily(MetricDescriptor descriptor)
{
    public MetricDescriptor Descriptor { get; } = descriptor;

    public string Name => Descriptor.Name;

    public ImmutableArray<string> Labels => Descriptor.Labels;

    internal abstract void Write(PrometheusText text);
}

/// <summary>Series of one name, told apart by label values.</summary>
/// <typeparam name="T">What records one series.</typeparam>
public abstract class MetricFamily<T>(MetricDescriptor descriptor) : MetricFamily(descriptor)
{
    private readonly ConcurrentDictionary<LabelValues, T> children = new();

    /// <summary>The series with these label values; keep it, so that recording looks nothing up.</summary>
    public T With(params ReadOnlySpan<string> values)
    {
        if (values.Length != Labels.Length)
            throw new ArgumentException($"{Name} has {Labels.Length} labels, not {values.Length}.", nameof(values));
        return children.GetOrAdd(new LabelValues([.. values]), static (_, family) => family.Make(), this);
    }

    /// <summary>Drops all series that have this value for this label, such as those of an unloaded model.</summary>
    public void Remove(string label, string value)
    {
        var index = Labels.IndexOf(label);
        foreach (var key in children.Keys)
        {
            if (index >= 0 && string.Equals(key.Values[index], value, StringComparison.Ordinal))
                children.TryRemove(key, out _);
        }
    }

    protected abstract T Make();

    internal abstract void WriteChild(PrometheusText text, ImmutableArray<string> values, T child);

    internal override void Write(PrometheusText text)
    {
        foreach (var (key, child) in children.OrderBy(c => string.Join('\n', c.Key.Values), StringComparer.Ordinal))
            WriteChild(text, key.Values, child);
    }

    private readonly record struct LabelValues(ImmutableArray<string> Values)
    {
        public bool Equals(LabelValues other) => Values.AsSpan().SequenceEqual(other.Values.AsSpan());

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var value in Values)
                hash.Add(value);
            return hash.ToHashCode();
        }
    }
}

public sealed class CounterFamily(MetricDescriptor descriptor) : MetricFamily<Counter>(descriptor)
{
    protected override Counter Make() => new();

    internal override void WriteChild(PrometheusText text, ImmutableArray<string> values, Counter child) =>
        text.Sample(Name, Labels, values, child.Value);
}

public sealed class GaugeFamily(MetricDescriptor descriptor) : MetricFamily<Gauge>(descriptor)
{
    protected override Gauge Make() => new();

    internal override void WriteChild(PrometheusText text, ImmutableArray<string> values, Gauge child) =>
        text.Sample(Name, Labels, values, child.Value);
}

public sealed class HistogramFamily(MetricDescriptor descriptor, ImmutableArray<double> bounds) : MetricFamily<Histogram>(descriptor)
{
    protected override Histogram Make() => new(bounds);

    internal override void WriteChild(PrometheusText text, ImmutableArray<string> values, Histogram child) =>
        text.Buckets(Name, Labels, values, child);
}

/// <summary>A metric that is read when it is asked for; the samples are its label values and its value.</summary>
public sealed class ObservedMetric(MetricDescriptor descriptor, Func<IEnumerable<(ImmutableArray<string> Labels, double Value)>> read)
    : MetricFamily(descriptor)
{
    internal override void Write(PrometheusText text)
    {
        foreach (var (values, value) in read())
            text.Sample(Name, Labels, values, value);
    }
}
