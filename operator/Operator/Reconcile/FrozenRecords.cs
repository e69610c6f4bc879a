using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Reconcile;

/// <summary>
/// Puts right what is around a record. What a record says cannot change, and the API compares it byte by byte, which
/// server-side apply does not keep: so only its metadata is patched.
/// </summary>
internal static class FrozenRecords
{
    /// <exception cref="StaleViewException">
    /// The record says something else than the cache made believe: what follows would be made of the wrong inputs.
    /// </exception>
    public static async Task RestoreAsync(KubeClient client, ControllerRevision wanted, ControllerRevision live, CancellationToken cancel)
    {
        if (KnownRecord.Read(live) is null)
        {
            var unreadable = new DeleteOptions { Uid = live.Metadata.Uid, ResourceVersion = live.Metadata.ResourceVersion };
            await client.DeleteAsync<ControllerRevision>(wanted.Key, unreadable, cancel);
            throw new StaleViewException($"{wanted.Key} is no record; it is made again.");
        }

        var metadata = JsonSerializer.SerializeToNode(
            new ObjectMeta
            {
                Uid = live.Metadata.Uid,
                ResourceVersion = live.Metadata.ResourceVersion,
                Labels = wanted.Metadata.Labels,
                OwnerReferences = wanted.Metadata.OwnerReferences,
            },
            KubeJson.Default.ObjectMeta);
        var patch = new JsonObject { ["metadata"] = metadata };
        await client.MergePatchAsync(
            ControllerRevision.Kind, wanted.Key, JsonSerializer.SerializeToElement(patch, KubeJson.Default.JsonObject), cancel: cancel);
        if (!(wanted.Data is { } said && live.Data is { } says && JsonElement.DeepEquals(said, says) && wanted.Revision == live.Revision))
            throw new StaleViewException($"The record {wanted.Key} was made before and says something else.");
    }
}
