using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Garbage;

/// <summary>
/// Deletes what has lost all its owners, and carries out foreground and orphaning deletions. An owner counts as absent
/// only when its deletion was seen, or when the API says so for its name and uid: watches of different kinds may deliver a
/// child before its owner.
/// </summary>
internal sealed class GarbageCollector(ControllerContext context, OwnerGraph graph) : IReconciler<string>
{
    public async ValueTask<Outcome> ReconcileAsync(string key, CancellationToken cancel)
    {
        if (graph.Find(key) is not { } node)
            return Outcome.Settled;
        if (node.IsDeleting && node.Has(GraphNode.Orphan))
            await OrphanAsync(node, cancel);
        else if (node.WaitsForDependents)
            await DeleteDependentsAsync(node, cancel);
        else if (!node.IsDeleting && node.Owners.Count > 0)
            await JudgeAsync(node, cancel);
        return Outcome.Settled;
    }

    private async Task JudgeAsync(GraphNode node, CancellationToken cancel)
    {
        var remaining = new List<OwnerReference>();
        var waiting = false;
        foreach (var owner in node.Owners)
        {
            if (await IsAbsentAsync(node, owner, cancel))
                continue;
            if (graph.Find(owner.Uid) is { WaitsForDependents: true })
                waiting = true;
            else
                remaining.Add(owner);
        }
        if (remaining.Count == node.Owners.Count)
            return;
        if (remaining.Count > 0)
        {
            await SetOwnersAsync(node, remaining, cancel);
            return;
        }
        context.Log.Collected(node.Kind.Kind, node.Metadata.Key.ToString());
        await DeleteAsync(node, waiting ? "Foreground" : "Background", cancel);
    }

    private async Task<bool> IsAbsentAsync(GraphNode node, OwnerReference owner, CancellationToken cancel)
    {
        if (graph.Find(owner.Uid) is not null)
            return false;
        if (graph.IsGone(owner.Uid))
            return true;
        var kind = await context.Client.ResolveAsync(owner.ApiVersion, owner.Kind, cancel);
        try
        {
            var key = new ObjectKey(kind.Namespaced ? node.Metadata.Namespace ?? "" : "", owner.Name);
            var found = await context.Client.GetAsync(kind, key, cancel);
            return found.GetProperty("metadata").GetProperty("uid").GetString() != owner.Uid;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return true;
        }
    }

    private async Task DeleteDependentsAsync(GraphNode node, CancellationToken cancel)
    {
        var dependents = graph.Dependents(node.Uid);
        foreach (var dependent in dependents.Where(d => !d.IsDeleting && d.Owners.All(o => o.Uid == node.Uid)))
            await DeleteAsync(dependent, "Foreground", cancel);
        var blocks = dependents.Any(d => d.Owners.Any(o => o.Uid == node.Uid && o.BlockOwnerDeletion == true));
        if (!blocks)
            await RemoveFinalizerAsync(node, GraphNode.Foreground, cancel);
    }

    private async Task OrphanAsync(GraphNode node, CancellationToken cancel)
    {
        foreach (var dependent in graph.Dependents(node.Uid))
            await SetOwnersAsync(dependent, dependent.Owners.Where(o => o.Uid != node.Uid), cancel);
        await RemoveFinalizerAsync(node, GraphNode.Orphan, cancel);
    }

    private Task DeleteAsync(GraphNode node, string policy, CancellationToken cancel) => IgnoreGoneAsync(
        context.Client.DeleteAsync(node.Kind, node.Metadata.Key, new DeleteOptions { Uid = node.Uid, PropagationPolicy = policy }, cancel));

    private Task RemoveFinalizerAsync(GraphNode node, string finalizer, CancellationToken cancel)
    {
        var rest = (node.Metadata.Finalizers ?? []).Where(f => f != finalizer).Select(f => (JsonNode)f).ToArray();
        return MergeAsync(node, "finalizers", new JsonArray(rest), cancel);
    }

    private Task SetOwnersAsync(GraphNode node, IEnumerable<OwnerReference> owners, CancellationToken cancel) =>
        MergeAsync(node, "ownerReferences", OwnerJson.Array(owners), cancel);

    // The resource version is named: the lists are replaced as a whole and must be the ones that were looked at.
    private Task MergeAsync(GraphNode node, string field, JsonArray value, CancellationToken cancel) => IgnoreGoneAsync(
        context.Client.MergePatchAsync(node.Kind, node.Metadata.Key, Patching.Element(new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = node.Uid,
                ["resourceVersion"] = node.Metadata.ResourceVersion,
                [field] = value,
            },
        }), null, cancel));

    private static async Task IgnoreGoneAsync(Task request)
    {
        try
        {
            await request;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // Done by somebody else.
        }
    }
}
