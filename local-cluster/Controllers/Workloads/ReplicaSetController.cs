using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>
/// Keeps as many pods as a ReplicaSet asks for. The pods are listed from the API at each pass, where the original keeps
/// count of what it expects its cache to show: a list never lags behind one's own writes, and it is cheap here.
/// </summary>
internal sealed class ReplicaSetController(ControllerContext context, Store<ReplicaSetResource> sets) : IReconciler<ObjectKey>
{
    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var sets = context.Informers.Of<ReplicaSetResource>();
        var pods = context.Informers.Of<Pod>();
        var queue = context.Add(controllers, "replicaset", _ => new ReplicaSetController(context, sets.Store));
        sets.EnqueueSelf(queue);
        pods.EnqueueOwner(ReplicaSet.Kind, queue);
        pods.EnqueueMapped(queue, pod => pod.Metadata.Controller is null
            ? sets.Store.All.Where(set => Wants(set, pod)).Select(set => set.Key)
            : []);
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (sets.Get(key) is not { Spec: { Selector: { } selector } spec } set)
            return Outcome.Settled;
        var listed = await context.Client.ListAsync<Pod>(key.Namespace, new ListOptions { LabelSelector = selector.ToQuery() }, cancel);
        var pods = await Claims.ClaimAsync(context.Client, set, selector, listed.Items.Where(p => !PodState.IsTerminal(p)), cancel);
        var active = pods.Where(PodState.IsActive).ToList();
        string? failure = null;
        if (set.Metadata.DeletionTimestamp is null)
            failure = await ScaleAsync(set, active, cancel);
        var now = context.Time.GetUtcNow();
        var status = ReplicaSetStatusFor.Build(set, active, failure, now);
        await context.Client.WriteStatusAsync(set, set.Status, status, KubeJson.Default.ReplicaSetStatus, cancel);
        if (failure is not null)
            return Outcome.Again(TimeSpan.FromSeconds(5));
        return ReplicaSetStatusFor.NextAvailable(active, spec.MinReadySeconds ?? 0, now) is { } wait
            ? Outcome.Again(wait)
            : Outcome.Settled;
    }

    private static bool Wants(ReplicaSetResource set, Pod pod) =>
        set.Metadata.Namespace == pod.Metadata.Namespace && (set.Spec?.Selector?.Matches(pod.Metadata.Labels) ?? false);

    /// <summary>Why pods could not be created; null when all is well.</summary>
    private async Task<string?> ScaleAsync(ReplicaSetResource set, List<Pod> active, CancellationToken cancel)
    {
        var missing = (set.Spec!.Replicas ?? 1) - active.Count;
        foreach (var pod in DeletionOrder.Sort(active).Take(-missing).ToList())
        {
            await context.Client.DeleteExactlyAsync(pod, cancel);
            active.Remove(pod);
            context.Event(set, "Normal", "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}");
        }
        for (var i = 0; i < missing; i++)
        {
            try
            {
                var pod = await context.Client.CreateAsync(PodFromTemplate.Build(set.Spec.Template, set, context.Random), cancel: cancel);
                active.Add(new Pod { Metadata = pod.Metadata });
                context.Event(set, "Normal", "SuccessfulCreate", $"Created pod: {pod.Metadata.Name}");
            }
            catch (KubeApiException e) when (e.IsInvalid || e.IsForbidden)
            {
                var message = e.Status?.Message ?? e.Message;
                context.Event(set, "Warning", "FailedCreate", $"Error creating: {message}");
                return message;
            }
        }
        return null;
    }
}
