using System.Collections.Immutable;
using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>What comparisons came to, as metrics.</summary>
internal sealed class ComparisonMetrics(MetricRegistry registry)
{
    /// <summary>Relative distances: decades, with the tolerance's one in finer steps.</summary>
    private static readonly ImmutableArray<double> Distances = [0, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1];

    /// <summary>In an unknown unit: decades.</summary>
    private static readonly ImmutableArray<double> AbsoluteDistances = [0, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1e3, 1e4, 1e6];

    /// <summary>Around zero: of two answers to one request either may be the faster one.</summary>
    private static readonly ImmutableArray<double> Differences =
        [-1, -0.3, -0.1, -0.03, -0.01, -0.003, -0.001, -0.0003, 0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

    public CounterFamily Compared { get; } = registry.Counter(RuntimeCatalog.Of(MetricNames.ShadowComparisons));

    public CounterFamily Flips { get; } = registry.Counter(RuntimeCatalog.Of(MetricNames.ShadowFlips));

    public HistogramFamily Distance { get; } = registry.Histogram(RuntimeCatalog.Of(MetricNames.ShadowDistance), Distances);

    public HistogramFamily AbsoluteDistance { get; } = registry.Histogram(RuntimeCatalog.Of(MetricNames.ShadowAbsoluteDistance), AbsoluteDistances);

    public HistogramFamily Difference { get; } = registry.Histogram(RuntimeCatalog.Of(MetricNames.ShadowLatencyDifference), Differences);

    public ComparisonSeries Of(string revision) => new(this, revision);
}

/// <summary>The same of one revision.</summary>
internal sealed class ComparisonSeries(ComparisonMetrics all, string revision)
{
    private const string WholeAnswer = "";

    public void Answer(string result) => Output(WholeAnswer, result);

    public void Output(string output, string result) => all.Compared.With(revision, output, result).Increment();

    public void Flip(string output, string from, string to) => all.Flips.With(revision, output, from, to).Increment();

    public void Distance(string output, Distance distance)
    {
        all.Distance.With(revision, output).Observe(distance.Relative);
        all.AbsoluteDistance.With(revision, output).Observe(distance.Absolute);
    }

    public void Slower(double seconds) => all.Difference.With(revision).Observe(seconds);
}
