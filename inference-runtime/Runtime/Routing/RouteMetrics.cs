using Sluice.Contract.Metrics;
using Sluice.Runtime.Routing.Evidence;

namespace Sluice.Runtime.Routing;

/// <summary>The series of one revision in one role, looked up once per document.</summary>
internal sealed class RouteMetrics(RoutingMetrics all, string revision, string role)
{
    private readonly Histogram duration = all.Durations.With(revision, role);
    private readonly Counter answered = all.Requests.With(revision, role, RouteOutcomes.Answered);

    // Who asks for a revision is no sample of those for whom it is drawn.
    private readonly RequestTally? drawn = role == RouteRoles.Asked ? null : all.Evidence.Of(revision).Drawn;

    /// <param name="outcome">One of <see cref="RouteOutcomes"/>.</param>
    /// <param name="began">Timestamp of the request's beginning.</param>
    /// <param name="hasNotFinite">The answer held NaN or infinity.</param>
    public void Count(string outcome, long began, bool hasNotFinite = false) => Count(outcome, all.Time.GetElapsedTime(began), hasNotFinite);

    /// <param name="outcome">One of <see cref="RouteOutcomes"/>.</param>
    /// <param name="took">Until the revision had answered, or had failed to.</param>
    /// <param name="hasNotFinite">The answer held NaN or infinity.</param>
    public void Count(string outcome, TimeSpan took, bool hasNotFinite)
    {
        duration.Observe(took.TotalSeconds);
        drawn?.Count(outcome, took.TotalSeconds, hasNotFinite);
        if (hasNotFinite)
            all.NotFinite.With(revision, role).Increment();
        if (ReferenceEquals(outcome, RouteOutcomes.Answered))
            answered.Increment();
        else
            all.Requests.With(revision, role, outcome).Increment();
    }
}

/// <summary>What is counted of the split.</summary>
internal sealed class RoutingMetrics
{
    public RoutingMetrics(MetricRegistry registry, TimeProvider time)
    {
        Time = time;
        Generation = registry.Gauge(RuntimeCatalog.Of(MetricNames.SplitGeneration)).With();
        Errors = registry.Counter(RuntimeCatalog.Of(MetricNames.SplitErrors)).With();
        Requests = registry.Counter(RuntimeCatalog.Of(MetricNames.RouteRequests));
        Durations = registry.Histogram(RuntimeCatalog.Of(MetricNames.RouteDuration));
        Shadows = registry.Counter(RuntimeCatalog.Of(MetricNames.ShadowRequests));
        ShadowStatus = registry.Counter(RuntimeCatalog.Of(MetricNames.ShadowStatus));
        NotFinite = registry.Counter(RuntimeCatalog.Of(MetricNames.NotFiniteAnswers));
        Evidence = new EvidenceBook(new ComparisonMetrics(registry), () => (long)Generation.Value);
    }

    public TimeProvider Time { get; }

    public EvidenceBook Evidence { get; }

    public Gauge Generation { get; }

    public Counter Errors { get; }

    public CounterFamily Requests { get; }

    public HistogramFamily Durations { get; }

    public CounterFamily Shadows { get; }

    public CounterFamily ShadowStatus { get; }

    public CounterFamily NotFinite { get; }
}
