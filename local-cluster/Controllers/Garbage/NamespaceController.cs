using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Garbage;

/// <summary>Empties a namespace that is being deleted, and then lets it go.</summary>
internal sealed class NamespaceController(ControllerContext context, Store<Namespace> namespaces) : IReconciler<ObjectKey>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var namespaces = context.Informers.Of<Namespace>();
        var queue = context.Add(controllers, "namespace", _ => new NamespaceController(context, namespaces.Store));
        namespaces.EnqueueSelfAlways(queue);
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (namespaces.Get(key) is not { Metadata.DeletionTimestamp: not null, Spec.Finalizers.Count: > 0 } ns)
            return Outcome.Settled;
        var kinds = await ResourceCatalog.ReadAsync(context.Client, cancel);
        var left = 0;
        foreach (var kind in kinds.Where(kind => kind.Namespaced))
            left += await EmptyAsync(kind, key.Name, cancel);
        if (left > 0)
            return Outcome.Again(LookAgain);
        await FinalizeAsync(ns, cancel);
        return Outcome.Settled;
    }

    /// <summary>How many objects were still there.</summary>
    private async Task<int> EmptyAsync(ResourceKind kind, string ns, CancellationToken cancel)
    {
        var list = await context.Client.GetJsonAsync(kind.CollectionPath(ns), cancel);
        var items = list.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("metadata").Deserialize(LocalJson.Default.ObjectMeta)!).ToList();
        foreach (var item in items.Where(item => item.DeletionTimestamp is null))
        {
            try
            {
                var options = new DeleteOptions { Uid = item.Uid, PropagationPolicy = "Background" };
                await context.Client.DeleteAsync(kind, new ObjectKey(ns, item.Name!), options, cancel);
            }
            catch (KubeApiException e) when (e.IsNotFound || e.IsConflict)
            {
                // Gone meanwhile.
            }
        }
        return items.Count;
    }

    private async Task FinalizeAsync(Namespace ns, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToNode(ns, KubeJson.Default.Namespace)!.AsObject();
        body["spec"] = new JsonObject { ["finalizers"] = new JsonArray() };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await context.Client.RawAsync(
            HttpMethod.Put, Namespace.Kind.ObjectPath(ns.Key) + "/finalize", content, cancel);
        if (!response.IsSuccessStatusCode && response.StatusCode != System.Net.HttpStatusCode.NotFound)
            throw new KubeApiException(response.StatusCode, null, null, $"finalize namespace {ns.Metadata.Name}");
    }
}
