using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>A Deployment's status from its ReplicaSets; pure.</summary>
internal static class DeploymentStatusFor
{
    internal static DeploymentStatus Build(
        DeploymentResource deployment, ReplicaSetResource? current, IReadOnlyList<ReplicaSetResource> all, int collisions, DateTimeOffset now)
    {
        var desired = deployment.Spec!.Replicas ?? 1;
        var available = all.Sum(set => set.Status?.AvailableReplicas ?? 0);
        var total = all.Sum(set => set.Status?.Replicas ?? 0);
        var status = new DeploymentStatus
        {
            ObservedGeneration = deployment.Metadata.Generation,
            Replicas = total,
            UpdatedReplicas = current?.Status?.Replicas ?? 0,
            ReadyReplicas = all.Sum(set => set.Status?.ReadyReplicas ?? 0),
            AvailableReplicas = available,
            UnavailableReplicas = Math.Max(0, Math.Max(desired, total) - available),
            CollisionCount = collisions == 0 ? null : collisions,
        };
        var old = deployment.Status?.Conditions ?? [];
        List<DeploymentCondition?> conditions =
        [
            Available(deployment, available, desired),
            DeploymentProgress.Condition(deployment, status, current, now),
            ReplicaFailure(all),
        ];
        return status with { Conditions = [.. conditions.OfType<DeploymentCondition>().Select(c => Stamp(c, old, now))] };
    }

    private static DeploymentCondition Available(DeploymentResource deployment, int available, int desired)
    {
        var enough = available >= desired - RolloutBounds.Of(deployment.Spec!.Strategy, desired).Unavailable;
        return new DeploymentCondition
        {
            Type = "Available",
            Status = enough ? ConditionStatus.True : ConditionStatus.False,
            Reason = enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            Message = enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
        };
    }

    private static DeploymentCondition? ReplicaFailure(IEnumerable<ReplicaSetResource> all) =>
        all.SelectMany(set => set.Status?.Conditions ?? []).FirstOrDefault(c => c.Type == "ReplicaFailure") is { } failure
            ? new DeploymentCondition
            {
                Type = failure.Type,
                Status = failure.Status,
                Reason = failure.Reason,
                Message = failure.Message,
            }
            : null;

    // lastUpdateTime moves with the reason or when progress was made, lastTransitionTime with the status alone.
    private static DeploymentCondition Stamp(DeploymentCondition condition, IEnumerable<DeploymentCondition> before, DateTimeOffset now)
    {
        var old = before.FirstOrDefault(c => c.Type == condition.Type);
        var sameStatus = old?.Status == condition.Status;
        var sameReason = sameStatus && old!.Reason == condition.Reason && old.Message == condition.Message;
        return condition with
        {
            LastTransitionTime = sameStatus ? old!.LastTransitionTime : now,
            LastUpdateTime = condition.LastUpdateTime ?? (sameReason ? old!.LastUpdateTime : now),
        };
    }
}

/// <summary>The Progressing condition; pure.</summary>
internal static class DeploymentProgress
{
    private const string Complete = "NewReplicaSetAvailable";

    internal static DeploymentCondition? Condition(
        DeploymentResource deployment, DeploymentStatus status, ReplicaSetResource? current, DateTimeOffset now)
    {
        var old = deployment.Status?.Conditions?.FirstOrDefault(c => c.Type == "Progressing");
        if (deployment.Spec!.ProgressDeadlineSeconds is null or int.MaxValue)
            return null;
        if (deployment.Spec.Paused == true)
            return Of(ConditionStatus.Unknown, "DeploymentPaused", "Deployment is paused");
        var subject = current is null ? $"Deployment \"{deployment.Metadata.Name}\"" : $"ReplicaSet \"{current.Metadata.Name}\"";
        if (current is not null && IsComplete(deployment, status))
            return Of(ConditionStatus.True, Complete, $"{subject} has successfully progressed.");
        if (old?.Reason == "DeploymentPaused")
            return Of(ConditionStatus.Unknown, "DeploymentResumed", "Deployment is resumed");
        if (old is null)
            return Of(ConditionStatus.True, "NewReplicaSetCreated", $"Created new replica set \"{current?.Metadata.Name}\"");
        if (HasProgressed(deployment.Status!, status) || IsNewRollout(deployment, old))
            return Of(ConditionStatus.True, "ReplicaSetUpdated", $"{subject} is progressing.") with { LastUpdateTime = now };
        if (old.Reason != Complete && Deadline(deployment, old) <= now)
            return Of(ConditionStatus.False, "ProgressDeadlineExceeded", $"{subject} has timed out progressing.");
        return old;
    }

    /// <summary>When the deadline will be over; null when the rollout is complete or has no deadline.</summary>
    internal static DateTimeOffset? NextDeadline(DeploymentResource deployment, DeploymentStatus status)
    {
        var condition = status.Conditions?.FirstOrDefault(c => c.Type == "Progressing");
        return condition is null || condition.Reason is Complete or "ProgressDeadlineExceeded" or "DeploymentPaused"
            ? null
            : Deadline(deployment, condition);
    }

    internal static bool IsComplete(DeploymentResource deployment, DeploymentStatus status)
    {
        var desired = deployment.Spec!.Replicas ?? 1;
        return status.UpdatedReplicas == desired && status.Replicas == desired && status.AvailableReplicas == desired;
    }

    private static bool HasProgressed(DeploymentStatus old, DeploymentStatus now) =>
        now.UpdatedReplicas > (old.UpdatedReplicas ?? 0)
        || now.Replicas - now.UpdatedReplicas < (old.Replicas ?? 0) - (old.UpdatedReplicas ?? 0)
        || now.ReadyReplicas > (old.ReadyReplicas ?? 0)
        || now.AvailableReplicas > (old.AvailableReplicas ?? 0);

    // The deadline of a rollout that starts from a finished or failed one must not count from that one's end.
    private static bool IsNewRollout(DeploymentResource deployment, DeploymentCondition old) =>
        old.Reason is Complete or "ProgressDeadlineExceeded"
        && deployment.Status?.ObservedGeneration != deployment.Metadata.Generation;

    private static DateTimeOffset? Deadline(DeploymentResource deployment, DeploymentCondition condition) =>
        condition.LastUpdateTime?.AddSeconds(deployment.Spec!.ProgressDeadlineSeconds ?? 600);

    private static DeploymentCondition Of(string status, string reason, string message) => new()
    {
        Type = "Progressing",
        Status = status,
        Reason = reason,
        Message = message,
    };
}
