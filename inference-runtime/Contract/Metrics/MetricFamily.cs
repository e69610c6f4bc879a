using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Sluice.Contract.Metrics;

/// <summary>All series of one metric name.</summary>
public abstract class MetricFamily(MetricDescriptor descriptor)
{
    public MetricDescriptor Descriptor { get; } = descriptor;

    public string Name => Descriptor.Name;

    public ImmutableArray<string> Labels => Descriptor.Labels;

    internal abstract void Write(PrometheusText text);

    /// <summary>Makes the instrument of the same name, which shows the same series.</summary>
    internal abstract void Publish(Meter meter);

    private protected void Publish(Meter meter, Func<IEnumerable<Measurement<double>>> read)
    {
        if (Descriptor.Type == MetricType.Counter)
            meter.CreateObservableCounter(Name, read, Descriptor.UnitCode, Descriptor.Help);
        else
            meter.CreateObservableGauge(Name, read, Descriptor.UnitCode, Descriptor.Help);
    }

    private protected Measurement<double> Measured(ImmutableArray<string> values, double value) => new(value, Tags(values));

    private protected KeyValuePair<string, object?>[] Tags(ImmutableArray<string> values) =>
        [.. Labels.Zip(values, static (name, value) => new KeyValuePair<string, object?>(name, value))];
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
        return children.GetOrAdd(new LabelValues([.. values]), static (key, family) => family.Make(key.Values), this);
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

    private protected IEnumerable<(ImmutableArray<string> Values, T Child)> All => children.Select(static c => (c.Key.Values, c.Value));

    private protected abstract T Make(ImmutableArray<string> values);

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
    private protected override Counter Make(ImmutableArray<string> values) => new();

    internal override void Publish(Meter meter) => Publish(meter, () => All.Select(c => Measured(c.Values, c.Child.Value)));

    internal override void WriteChild(PrometheusText text, ImmutableArray<string> values, Counter child) =>
        text.Sample(Name, Labels, values, child.Value);
}

public sealed class GaugeFamily(MetricDescriptor descriptor) : MetricFamily<Gauge>(descriptor)
{
    private protected override Gauge Make(ImmutableArray<string> values) => new();

    internal override void Publish(Meter meter) => Publish(meter, () => All.Select(c => Measured(c.Values, c.Child.Value)));

    internal override void WriteChild(PrometheusText text, ImmutableArray<string> values, Gauge child) =>
        text.Sample(Name, Labels, values, child.Value);
}

public sealed class HistogramFamily(MetricDescriptor descriptor, ImmutableArray<double> bounds) : MetricFamily<Histogram>(descriptor)
{
    private volatile Histogram<double>? instrument;

    private protected override Histogram Make(ImmutableArray<string> values)
    {
        var child = new Histogram(bounds);
        Tell(values, child);
        return child;
    }

    /// <summary>
    /// No instrument shows buckets that others filled, so this one is told what is observed from now on, and fills
    /// buckets with the same bounds.
    /// </summary>
    internal override void Publish(Meter meter)
    {
        instrument = meter.CreateHistogram(
            Name, Descriptor.UnitCode, Descriptor.Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
        foreach (var (values, child) in All)
            Tell(values, child);
    }

    private void Tell(ImmutableArray<string> values, Histogram child)
    {
        if (instrument is not { } to)
            return;
        var tags = Tags(values);
        child.Tell(value => to.Record(value, tags));
    }

    internal override void WriteChild(PrometheusText text, ImmutableArray<string> values, Histogram child) =>
        text.Buckets(Name, Labels, values, child);
}

/// <summary>A metric that is read when it is asked for; the samples are its label values and its value.</summary>
public sealed class ObservedMetric(MetricDescriptor descriptor, Func<IEnumerable<(ImmutableArray<string> Labels, double Value)>> read)
    : MetricFamily(descriptor)
{
    internal override void Publish(Meter meter) => Publish(meter, () => read().Select(s => Measured(s.Labels, s.Value)));

    internal override void Write(PrometheusText text)
    {
        foreach (var (values, value) in read())
            text.Sample(Name, Labels, values, value);
    }
}
