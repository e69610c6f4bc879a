using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>Counts a ReplicaSet's pods; pure.</summary>
internal static class ReplicaSetStatusFor
{
    internal static ReplicaSetStatus Build(ReplicaSetResource set, IReadOnlyList<Pod> active, string? failure, DateTimeOffset now)
    {
        var template = PodFromTemplate.Metadata(set.Spec!.Template).Labels ?? new Dictionary<string, string>();
        var minReady = set.Spec.MinReadySeconds ?? 0;
        return new ReplicaSetStatus
        {
            ObservedGeneration = set.Metadata.Generation,
            Replicas = active.Count,
            FullyLabeledReplicas = active.Count(pod => template.All(l => pod.Metadata.Label(l.Key) == l.Value)),
            ReadyReplicas = active.Count(PodState.IsReady),
            AvailableReplicas = active.Count(pod => PodState.AvailableAt(pod, minReady) <= now),
            Conditions = failure is null ? null : [Failure(set, failure, now)],
        };
    }

    /// <summary>How long until the next ready pod has been so for long enough.</summary>
    internal static TimeSpan? NextAvailable(IEnumerable<Pod> pods, int minReadySeconds, DateTimeOffset now)
    {
        var times = pods.Select(pod => PodState.AvailableAt(pod, minReadySeconds)).Where(time => time > now).ToList();
        return times.Count == 0 ? null : times.Min() - now;
    }

    private static Condition Failure(ReplicaSetResource set, string message, DateTimeOffset now)
    {
        var old = set.Status?.Conditions?.FirstOrDefault(c => c.Type == "ReplicaFailure");
        return new Condition
        {
            Type = "ReplicaFailure",
            Status = ConditionStatus.True,
            Reason = "FailedCreate",
            Message = message,
            LastTransitionTime = old?.LastTransitionTime ?? now,
        };
    }
}
