using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Reconcile;

/// <summary>Removes what a service owns and needs no longer.</summary>
internal static class Pruner
{
    const int DefaultHistoryLimit = 5;

    public static async Task PruneAsync(
        KubeClient client, ServiceView view, IEnumerable<WantedObject> wanted, Fence fence, CancellationToken cancel)
    {
        foreach (var item in Superfluous(view, wanted))
        {
            await fence.ConfirmAsync(cancel);
            try
            {
                var options = new DeleteOptions { Uid = item.Metadata.Uid, PropagationPolicy = "Background" };
                await client.DeleteAsync(item.ResourceKind, item.Metadata.Key, options, cancel);
            }
            catch (KubeApiException e) when (e.IsNotFound)
            {
                // Gone is what was wanted.
            }
        }
    }

    /// <summary>In the order in which they go. The latest retired records stay, for the way back.</summary>
    public static IReadOnlyList<IKubeObject> Superfluous(ServiceView view, IEnumerable<WantedObject> wanted)
    {
        var kept = wanted.Select(static w => (w.Kind, w.Key)).ToHashSet();
        var remembered = view.Records
            .Where(r => view.Owns(r) && !kept.Contains((r.ResourceKind, r.Key)))
            .OrderByDescending(static r => r.Revision)
            .Take(Math.Max(view.Service.Spec.RevisionHistoryLimit ?? DefaultHistoryLimit, 0))
            .Select(static r => (r.ResourceKind, r.Key));
        kept.UnionWith(remembered);
        return [.. view.Children.Where(c => view.Owns(c) && c.Metadata.DeletionTimestamp is null && !kept.Contains((c.ResourceKind, c.Metadata.Key)))];
    }
}
