using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Workloads;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Cluster;

/// <summary>Says in the status of each PodDisruptionBudget how many pods could be spared.</summary>
internal sealed class DisruptionController(
    ControllerContext context, Store<PodDisruptionBudget> budgets, Store<Pod> pods, Store<ReplicaSetResource> sets) : IReconciler<ObjectKey>
{
    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var budgets = context.Informers.Of<PodDisruptionBudget>();
        var pods = context.Informers.Of<Pod>();
        var sets = context.Informers.Of<ReplicaSetResource>();
        var queue = context.Add(controllers, "disruption",
            _ => new DisruptionController(context, budgets.Store, pods.Store, sets.Store));
        budgets.EnqueueSelf(queue);
        pods.EnqueueMapped(queue, pod => budgets.Store.All.Where(b => Covers(b, pod)).Select(b => b.Key));
        sets.EnqueueMapped(queue, set => budgets.Store.All.Where(b => b.Metadata.Namespace == set.Metadata.Namespace).Select(b => b.Key));
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (budgets.Get(key) is not { } budget)
            return Outcome.Settled;
        var covered = pods.All.Where(pod => Covers(budget, pod) && PodState.IsActive(pod)).ToList();
        var expected = covered.Select(pod => pod.Metadata.Controller?.Uid).OfType<string>().Distinct()
            .Sum(uid => sets.All.FirstOrDefault(set => set.Metadata.Uid == uid)?.Spec?.Replicas ?? 0);
        var status = DisruptionStatusFor.Build(budget, covered, expected, context.Time.GetUtcNow());
        await context.Client.WriteStatusAsync(budget, budget.Status, status, KubeJson.Default.PodDisruptionBudgetStatus, cancel);
        return Outcome.Settled;
    }

    private static bool Covers(PodDisruptionBudget budget, Pod pod) =>
        budget.Metadata.Namespace == pod.Metadata.Namespace && (budget.Spec?.Selector?.Matches(pod.Metadata.Labels) ?? false);
}

/// <summary>The arithmetic of a budget; pure.</summary>
internal static class DisruptionStatusFor
{
    /// <param name="budget">The budget.</param>
    /// <param name="covered">The pods that it selects.</param>
    /// <param name="expected">How many their controllers want; a percentage is of that.</param>
    /// <param name="now">For the condition.</param>
    internal static PodDisruptionBudgetStatus Build(
        PodDisruptionBudget budget, IReadOnlyCollection<Pod> covered, int expected, DateTimeOffset now)
    {
        var healthy = covered.Count(static pod => pod.Metadata.DeletionTimestamp is null && PodState.IsReady(pod));
        var desired = budget.Spec?.MaxUnavailable is { } most
            ? Math.Max(0, expected - RolloutBounds.Resolve(most, expected, roundUp: true))
            : RolloutBounds.Resolve(budget.Spec?.MinAvailable ?? 1, expected, roundUp: true);
        var allowed = expected > 0 ? Math.Max(0, healthy - desired) : 0;
        return new PodDisruptionBudgetStatus
        {
            ObservedGeneration = budget.Metadata.Generation,
            CurrentHealthy = healthy,
            DesiredHealthy = desired,
            ExpectedPods = budget.Spec?.MaxUnavailable is null && budget.Spec?.MinAvailable?.IsNumber != false ? covered.Count : expected,
            DisruptionsAllowed = allowed,
            Conditions = [Condition(budget, allowed, now)],
        };
    }

    private static Condition Condition(PodDisruptionBudget budget, int allowed, DateTimeOffset now)
    {
        var old = budget.Status?.Conditions?.FirstOrDefault(c => c.Type == "DisruptionAllowed");
        var status = allowed > 0 ? ConditionStatus.True : ConditionStatus.False;
        return new Condition
        {
            Type = "DisruptionAllowed",
            Status = status,
            Reason = allowed > 0 ? "SufficientPods" : "InsufficientPods",
            Message = "",
            ObservedGeneration = budget.Metadata.Generation,
            LastTransitionTime = old?.Status == status ? old.LastTransitionTime : now,
        };
    }
}
