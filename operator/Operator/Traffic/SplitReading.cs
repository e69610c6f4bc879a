using System.Collections.Immutable;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Monitoring;
using Sluice.Rollouts;
using Sluice.Rollouts.Evidence;
using Sluice.Rollouts.Records;

namespace Sluice.Operator.Traffic;

/// <summary>What is known of the split that users' requests are under.</summary>
/// <param name="Applied">What every Ready pod that divides requests says it applies; null when one says another, or nothing.</param>
/// <param name="Behind">The pods that do not say so.</param>
/// <param name="Comparisons">How many copies have been answered and compared since the running step began; null when that is not known.</param>
internal sealed record SplitReading(TrafficSplit? Applied, ImmutableArray<Pod> Behind, long? Comparisons)
{
    /// <summary>What the pods that divide requests have counted since the running step began; null while none runs.</summary>
    public StepEvidence? Counted { get; init; }

    /// <summary>What the pods watched of data, predictions and quality.</summary>
    public MonitorReading Watched { get; init; } = MonitorReading.None;

    /// <summary>What the gates looked at, and what they say of it; null while none looks.</summary>
    public Judged? Judged { get; init; }

    public ImmutableArray<Finding> Findings => Judged?.Findings ?? [];

    /// <summary>Nobody was asked.</summary>
    public static SplitReading None { get; } = new(null, [], null);
}
