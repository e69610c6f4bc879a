using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>
/// Rolls a Deployment from one ReplicaSet to the next. Every scaling names the state that it was decided on, so that a
/// decision on an old state fails and is made again, never carried out.
/// </summary>
internal sealed class DeploymentController(
    ControllerContext context, Store<DeploymentResource> deployments, Store<ReplicaSetResource> sets, Store<Pod> pods)
    : IReconciler<ObjectKey>
{
    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var deployments = context.Informers.Of<DeploymentResource>();
        var sets = context.Informers.Of<ReplicaSetResource>();
        var pods = context.Informers.Of<Pod>();
        var queue = context.Add(controllers, "deployment",
            _ => new DeploymentController(context, deployments.Store, sets.Store, pods.Store));
        deployments.EnqueueSelf(queue);
        sets.EnqueueOwner(Deployment.Kind, queue);
        // Recreate waits until the last old pod is gone, which changes no ReplicaSet.
        pods.Subscribe(change =>
        {
            if (change.New is null && change.Old?.Metadata.Controller is { Kind: "ReplicaSet" } owner
                && sets.Store.Get(new ObjectKey(change.Key.Namespace, owner.Name))?.Metadata.Controller is { } deployment)
                queue.Add(new ObjectKey(change.Key.Namespace, deployment.Name));
        });
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (deployments.Get(key) is not { Spec.Selector: not null } deployment)
            return Outcome.Settled;
        var candidates = sets.All.Where(set => set.Metadata.Namespace == key.Namespace).OrderBy(set => set.Key);
        var owned = await Claims.ClaimAsync(context.Client, deployment, deployment.Spec.Selector, candidates, cancel);
        owned = [.. owned.OrderBy(set => set.Metadata.CreationTimestamp).ThenBy(set => set.Metadata.Name, StringComparer.Ordinal)];
        if (deployment.Metadata.DeletionTimestamp is not null)
            return await StatusAsync(deployment, owned, 0, cancel);

        var current = owned.FirstOrDefault(set => Template.Same(set.Spec!.Template, deployment.Spec.Template));
        var collisions = deployment.Status?.CollisionCount ?? 0;
        if (IsScaling(deployment, owned) || deployment.Spec.Paused == true)
        {
            await ScaleAsync(deployment, Proportional.Scale(
                deployment.Spec.Replicas ?? 1, Bounds(deployment), owned.Count == 0 ? [new SetState("", 0, 0)] : States(owned)), owned, cancel);
            return await StatusAsync(deployment, owned, collisions, cancel);
        }
        if (current is null && (current = await CreateAsync(deployment, owned, collisions, cancel)) is null)
            collisions++;
        else if (current is not null)
            await RollAsync(deployment, current, owned, cancel);
        return await StatusAsync(deployment, owned, collisions, cancel);
    }

    private static RolloutBounds Bounds(DeploymentResource deployment) =>
        RolloutBounds.Of(deployment.Spec!.Strategy, deployment.Spec.Replicas ?? 1);

    private static List<SetState> States(IEnumerable<ReplicaSetResource> all) =>
        [.. all.Select(set => new SetState(set.Metadata.Name!, set.Spec!.Replicas ?? 1, set.Status?.AvailableReplicas ?? 0))];

    private static bool IsScaling(DeploymentResource deployment, IEnumerable<ReplicaSetResource> owned) =>
        owned.Any(set => set.Spec!.Replicas > 0
            && int.TryParse(set.Metadata.Annotation(Revisions.Desired), NumberStyles.None, CultureInfo.InvariantCulture, out var desired)
            && desired != (deployment.Spec!.Replicas ?? 1));

    /// <summary>The ReplicaSet for the present template; null when its name belongs to another template.</summary>
    private async Task<ReplicaSetResource?> CreateAsync(
        DeploymentResource deployment, List<ReplicaSetResource> owned, int collisions, CancellationToken cancel)
    {
        var hash = Template.Hash(deployment.Spec!.Template, collisions);
        if (deployment.Spec.Strategy?.Type == "Recreate" && await StillRunsAsync(deployment, owned, cancel))
            return owned.LastOrDefault();
        var created = ReplicaSetFor.Build(deployment, hash, owned, NewSize(deployment, owned));
        try
        {
            created = await context.Client.CreateAsync(created, cancel: cancel);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Seldom another template with the same hash; mostly our own, which the cache does not show yet.
            var existing = await context.Client.GetAsync<ReplicaSetResource>(created.Key, cancel);
            var ours = existing.Metadata.Controller?.Uid == deployment.Metadata.Uid
                && Template.Same(existing.Spec!.Template, deployment.Spec.Template);
            if (ours && owned.TrueForAll(set => set.Metadata.Uid != existing.Metadata.Uid))
                owned.Add(existing);
            return ours ? existing : null;
        }
        owned.Add(created);
        await SetRevisionAsync(deployment, created, cancel);
        context.Event(deployment, "Normal", "ScalingReplicaSet",
            $"Scaled up replica set {created.Metadata.Name} from 0 to {created.Spec!.Replicas}");
        return created;
    }

    private static int NewSize(DeploymentResource deployment, List<ReplicaSetResource> owned)
    {
        var none = new SetState("", 0, 0);
        var desired = deployment.Spec!.Replicas ?? 1;
        return deployment.Spec.Strategy?.Type == "Recreate"
            ? desired
            : RollingUpdate.Next(desired, Bounds(deployment), none, States(owned)).GetValueOrDefault("", 0);
    }

    /// <summary>Recreate: brings the old ReplicaSets to zero; true while any of their pods is left.</summary>
    private async Task<bool> StillRunsAsync(DeploymentResource deployment, List<ReplicaSetResource> owned, CancellationToken cancel)
    {
        await ScaleAsync(deployment, owned.Where(set => set.Spec!.Replicas > 0).ToDictionary(set => set.Metadata.Name!, _ => 0), owned, cancel);
        var uids = owned.Select(set => set.Metadata.Uid).ToHashSet();
        return pods.All.Any(pod => !PodState.IsTerminal(pod) && uids.Contains(pod.Metadata.Controller?.Uid));
    }

    private async Task RollAsync(
        DeploymentResource deployment, ReplicaSetResource current, List<ReplicaSetResource> owned, CancellationToken cancel)
    {
        if (!Template.Same(current.Spec!.Template, deployment.Spec!.Template))
            return;
        var old = owned.Where(set => set.Metadata.Uid != current.Metadata.Uid).ToList();
        current = await AnnotateAsync(deployment, current, old, owned, cancel);
        var desired = deployment.Spec.Replicas ?? 1;
        if (deployment.Spec.Strategy?.Type != "Recreate")
            await ScaleAsync(deployment, RollingUpdate.Next(desired, Bounds(deployment), States([current])[0], States(old)), owned, cancel);
        else if (!await StillRunsAsync(deployment, old, cancel) && current.Spec!.Replicas != desired)
            await ScaleAsync(deployment, new Dictionary<string, int> { [current.Metadata.Name!] = desired }, owned, cancel);
        if (DeploymentProgress.IsComplete(deployment, DeploymentStatusFor.Build(deployment, current, owned, 0, context.Time.GetUtcNow())))
            await CleanUpAsync(deployment, old, cancel);
    }

    private async Task<ReplicaSetResource> AnnotateAsync(
        DeploymentResource deployment, ReplicaSetResource current, List<ReplicaSetResource> old, List<ReplicaSetResource> owned, CancellationToken cancel)
    {
        var wanted = Revisions.For(deployment, current.Metadata.Annotations, old);
        var changed = wanted.Where(a => current.Metadata.Annotation(a.Key) != a.Value).ToList();
        if (changed.Count > 0)
        {
            var change = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = Patching.Strings(changed) } };
            var updated = await context.Client.MergeAsync(current, change, cancel);
            owned[owned.FindIndex(set => set.Metadata.Uid == current.Metadata.Uid)] = updated;
            current = updated;
        }
        await SetRevisionAsync(deployment, current, cancel);
        return current;
    }

    private async Task SetRevisionAsync(DeploymentResource deployment, ReplicaSetResource current, CancellationToken cancel)
    {
        var revision = current.Metadata.Annotation(Revisions.Revision);
        if (revision is null || deployment.Metadata.Annotation(Revisions.Revision) == revision)
            return;
        var annotations = new JsonObject { [Revisions.Revision] = revision };
        await context.Client.MergePatchAsync<DeploymentResource>(deployment.Key, Patching.Element(new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = deployment.Metadata.Uid, ["annotations"] = annotations },
        }), null, cancel);
    }

    private async Task ScaleAsync(
        DeploymentResource deployment, IReadOnlyDictionary<string, int> sizes, List<ReplicaSetResource> owned, CancellationToken cancel)
    {
        foreach (var (name, size) in sizes)
        {
            var index = owned.FindIndex(set => set.Metadata.Name == name);
            if (index < 0)
                continue;
            var set = owned[index];
            var before = set.Spec!.Replicas ?? 1;
            owned[index] = await context.Client.MergeAsync(set, new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = Patching.Strings(Revisions.Sizes(deployment)) },
                ["spec"] = new JsonObject { ["replicas"] = size },
            }, cancel);
            context.Event(deployment, "Normal", "ScalingReplicaSet",
                $"Scaled {(size > before ? "up" : "down")} replica set {name} from {before} to {size}");
        }
    }

    private async Task CleanUpAsync(DeploymentResource deployment, List<ReplicaSetResource> old, CancellationToken cancel)
    {
        var idle = old.Where(set => set.Spec!.Replicas == 0 && (set.Status?.Replicas ?? 0) == 0
            && set.Status?.ObservedGeneration == set.Metadata.Generation && set.Metadata.DeletionTimestamp is null).ToList();
        foreach (var set in idle.OrderBy(set => Revisions.Of(set)).Take(idle.Count - (deployment.Spec!.RevisionHistoryLimit ?? 10)))
            await context.Client.DeleteExactlyAsync(set, cancel, "Background");
    }

    private async Task<Outcome> StatusAsync(
        DeploymentResource deployment, List<ReplicaSetResource> owned, int collisions, CancellationToken cancel)
    {
        var current = owned.FirstOrDefault(set => Template.Same(set.Spec!.Template, deployment.Spec!.Template));
        var now = context.Time.GetUtcNow();
        var status = DeploymentStatusFor.Build(deployment, current, owned, collisions, now);
        await context.Client.WriteStatusAsync(deployment, deployment.Status, status, KubeJson.Default.DeploymentStatus, cancel);
        if (current is null && collisions > (deployment.Status?.CollisionCount ?? 0))
            return Outcome.Again(TimeSpan.Zero);
        return DeploymentProgress.NextDeadline(deployment, status) is { } deadline && deadline > now
            ? Outcome.Again(deadline - now)
            : Outcome.Settled;
    }
}
