using Sluice.Contract;
using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Expectations;

/// <summary>The metric about expectations, for all models.</summary>
internal sealed class ViolationMetrics(MetricRegistry registry)
{
    public CounterFamily Violations { get; } = registry.Counter(RuntimeCatalog.Of(MonitorMetricNames.Violations));
}

/// <summary>The series of one version of a model.</summary>
internal sealed class ViolationSeries(ViolationMetrics metrics, string model, string version, string revision)
{
    public void Count(ExpectationCheck check)
    {
        foreach (var (rule, count) in ViolationRules.Of(check))
            metrics.Violations.With(model, version, revision, check.Of.Feature, rule, check.Of.Rejects ? ViolationResults.Reject : ViolationResults.Count).Add(count);
    }
}

/// <summary>Which part of an expectation was not met.</summary>
internal static class ViolationRules
{
    public static IEnumerable<(string Rule, long Count)> Of(ExpectationCheck check)
    {
        if (check.OutOfRange > 0)
            yield return ("range", check.OutOfRange);
        if (check.NotAllowed > 0)
            yield return ("allowed", check.NotAllowed);
        if (check.Missing > 0)
            yield return ("required", check.Missing);
    }
}
