using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Informers;
using Sluice.Operator.Api;

namespace Sluice.Operator.Metrics;

/// <summary>Counts how rollouts end, as their history grows.</summary>
internal sealed class RolloutCounts(MetricRegistry registry, Leadership leadership)
{
    readonly CounterFamily ended = registry.Counter(OperatorCatalog.Rollouts);
    readonly HistogramFamily durations = registry.Histogram(OperatorCatalog.RolloutDuration, HistogramBounds.Long);

    public void Watch(Informer<InferenceService> services) => services.Subscribe(See);

    internal void See(Change<InferenceService> change)
    {
        // What ended before this process looked was counted by another one.
        if (!leadership.Holds || change is not { Old: { } before, New: { Status.History: { } history } now } || before.Metadata.Uid != now.Metadata.Uid)
            return;
        var seen = before.Status?.History?.Select(static h => h.Attempt).DefaultIfEmpty().Max() ?? 0;
        foreach (var entry in history.Where(h => h.Attempt > seen))
        {
            ended.With(now.Metadata.Namespace ?? "", now.Metadata.Name ?? "", entry.Outcome).Increment();
            if (entry.FinishedTime - entry.StartedTime is { } took)
                durations.With(entry.Outcome).Observe(took.TotalSeconds);
        }
    }
}
