using System.Collections.Immutable;

namespace Sluice.Contract.Metrics;

public enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One metric as it is published and documented.</summary>
/// <param name="Name">As Prometheus shows it; histograms without the endings of their series.</param>
/// <param name="Type">Prometheus' type.</param>
/// <param name="Help">A sentence for people.</param>
/// <param name="Labels">What tells its series apart, in the order in which values are given.</param>
public sealed record MetricDescriptor(string Name, MetricType Type, string Help, ImmutableArray<string> Labels)
{
    /// <summary>The base unit that the name ends in; empty for plain numbers.</summary>
    public string Unit => Base switch
    {
        _ when Base.EndsWith("_seconds", StringComparison.Ordinal) => "seconds",
        _ when Base.EndsWith("_bytes", StringComparison.Ordinal) => "bytes",
        _ when Base.EndsWith("_percent", StringComparison.Ordinal) => "percent",
        _ when Base.EndsWith("_share", StringComparison.Ordinal) => "ratio",
        _ => string.Empty,
    };

    /// <summary>The same as OpenTelemetry writes it, after UCUM.</summary>
    internal string? UnitCode => Unit switch
    {
        "seconds" => "s",
        "bytes" => "By",
        "percent" => "%",
        "ratio" => "1",
        _ => null,
    };

    private string Base => Name.EndsWith("_total", StringComparison.Ordinal) ? Name[..^"_total".Length] : Name;

    public static MetricDescriptor Counter(string name, string help, params ReadOnlySpan<string> labels) =>
        new(name, MetricType.Counter, help, [.. labels]);

    public static MetricDescriptor Gauge(string name, string help, params ReadOnlySpan<string> labels) =>
        new(name, MetricType.Gauge, help, [.. labels]);

    public static MetricDescriptor Histogram(string name, string help, params ReadOnlySpan<string> labels) =>
        new(name, MetricType.Histogram, help, [.. labels]);
}

/// <summary>Metrics that come and go together.</summary>
/// <param name="Title">A heading.</param>
/// <param name="When">When they are published, in a sentence.</param>
/// <param name="Metrics">In the order of the page that documents them.</param>
public sealed record MetricGroup(string Title, string When, ImmutableArray<MetricDescriptor> Metrics);
