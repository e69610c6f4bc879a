using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>Who controls what: adopts what matches a selector and has no controller, releases what no longer matches.</summary>
internal static class Claims
{
    /// <summary>The candidates that the owner controls, after adoptions and releases.</summary>
    internal static async Task<List<T>> ClaimAsync<T>(
        KubeClient client, IKubeObject owner, LabelSelector? selector, IEnumerable<T> candidates, CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        var claimed = new List<T>();
        foreach (var item in candidates)
        {
            var matches = selector is not null && selector.Matches(item.Metadata.Labels);
            var controller = item.Metadata.Controller;
            if (controller?.Uid == owner.Metadata.Uid)
            {
                if (matches || owner.Metadata.DeletionTimestamp is not null)
                    claimed.Add(item);
                else if (item.Metadata.DeletionTimestamp is null)
                    await SetOwnersAsync(client, item, Others(item, owner), cancel);
            }
            else if (controller is null && matches && item.Metadata.DeletionTimestamp is null
                && owner.Metadata.DeletionTimestamp is null)
            {
                var owners = Others(item, owner).Append(OwnerReference.ToController(owner));
                claimed.Add(await SetOwnersAsync(client, item, owners, cancel));
            }
        }
        return claimed;
    }

    private static IEnumerable<OwnerReference> Others(IKubeObject item, IKubeObject owner) =>
        (item.Metadata.OwnerReferences ?? []).Where(o => o.Uid != owner.Metadata.Uid);

    private static Task<T> SetOwnersAsync<T>(
        KubeClient client, T item, IEnumerable<OwnerReference> owners, CancellationToken cancel)
        where T : class, IKubeObject<T> =>
        client.MergeAsync(item, new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = OwnerJson.Array(owners) } }, cancel);
}
