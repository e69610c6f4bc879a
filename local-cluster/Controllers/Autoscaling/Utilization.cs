namespace Sluice.LocalCluster.Controllers.Autoscaling;

/// <summary>One pod as the autoscaler sees it.</summary>
/// <param name="Ready">Whether what it uses says something about its load.</param>
/// <param name="Usage">In cores or bytes; null when it is not measured.</param>
/// <param name="Request">What it asks for, in the same unit.</param>
internal sealed record PodSample(bool Ready, decimal? Usage, decimal Request);

/// <summary>What one metric asks for.</summary>
/// <param name="Replicas">The number of replicas.</param>
/// <param name="Percent">Mean usage in percent of the requests; null for a target that is not a utilization.</param>
/// <param name="Average">Mean usage of a pod.</param>
internal sealed record MetricProposal(int Replicas, int? Percent, decimal Average);

/// <summary>
/// The arithmetic of the horizontal pod autoscaler for resource metrics; pure. Pods that are not ready or not measured are
/// counted so that they damp the change: as idle when it would be upwards, as fully used when it would be downwards.
/// </summary>
internal static class Utilization
{
    /// <summary>Within this distance of the target nothing changes.</summary>
    internal const decimal Tolerance = 0.1m;

    /// <returns>Null when no pod is measured.</returns>
    internal static MetricProposal? OfPercent(int current, IReadOnlyCollection<PodSample> pods, int targetPercent)
    {
        var measured = pods.Where(pod => pod is { Ready: true, Usage: not null }).ToList();
        if (measured.Count == 0)
            return null;
        var usage = measured.Sum(pod => pod.Usage!.Value);
        var requested = measured.Sum(pod => pod.Request);
        var percent = requested == 0 ? 0 : usage * 100 / requested;
        decimal Ratio(IEnumerable<(decimal Usage, decimal Request)> all)
        {
            var list = all.ToList();
            var sum = list.Sum(pod => pod.Request);
            return sum == 0 ? 0 : list.Sum(pod => pod.Usage) * 100 / sum / targetPercent;
        }
        var fallback = Math.Max(100, targetPercent) / 100m;
        return new MetricProposal(
            Propose(current, pods, Ratio, pod => pod.Request * fallback), (int)percent, usage / measured.Count);
    }

    /// <returns>Null when no pod is measured.</returns>
    internal static MetricProposal? OfAverage(int current, IReadOnlyCollection<PodSample> pods, decimal target)
    {
        var measured = pods.Where(pod => pod is { Ready: true, Usage: not null }).ToList();
        if (measured.Count == 0)
            return null;
        decimal Ratio(IEnumerable<(decimal Usage, decimal Request)> all) => all.Average(pod => pod.Usage) / target;
        return new MetricProposal(
            Propose(current, pods, Ratio, _ => target), null, measured.Average(pod => pod.Usage!.Value));
    }

    private static int Propose(
        int current, IReadOnlyCollection<PodSample> pods, Func<IEnumerable<(decimal Usage, decimal Request)>, decimal> ratioOf,
        Func<PodSample, decimal> fullUsage)
    {
        var measured = pods.Where(pod => pod is { Ready: true, Usage: not null }).Select(pod => (pod.Usage!.Value, pod.Request)).ToList();
        var ratio = ratioOf(measured);
        var unready = pods.Where(pod => !pod.Ready).ToList();
        var missing = pods.Where(pod => pod is { Ready: true, Usage: null }).ToList();
        if (missing.Count == 0 && (unready.Count == 0 || ratio <= 1))
            return IsClose(ratio) ? current : Ceiling(ratio * measured.Count);

        measured.AddRange(missing.Select(pod => (ratio < 1 ? fullUsage(pod) : 0, pod.Request)));
        if (ratio > 1)
            measured.AddRange(unready.Select(pod => (0m, pod.Request)));
        var damped = ratioOf(measured);
        if (IsClose(damped) || (ratio < 1 && damped > 1) || (ratio > 1 && damped < 1))
            return current;
        var proposed = Ceiling(damped * measured.Count);
        // The damped figure must not turn the direction round.
        return (damped < 1 && proposed > current) || (damped > 1 && proposed < current) ? current : proposed;
    }

    private static bool IsClose(decimal ratio) => Math.Abs(1 - ratio) <= Tolerance;

    private static int Ceiling(decimal value) => (int)Math.Min(Math.Ceiling(value), int.MaxValue);
}
