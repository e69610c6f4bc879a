using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Services;

/// <summary>Keeps the EndpointSlices of Services with a selector.</summary>
internal sealed class EndpointSliceController(
    ControllerContext context, Store<Service> services, Store<Pod> pods, StoreIndex<EndpointSlice> slices) : IReconciler<ObjectKey>
{
    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var services = context.Informers.Of<Service>();
        var pods = context.Informers.Of<Pod>();
        var slices = context.Informers.Of<EndpointSlice>();
        var byService = slices.Store.AddIndex(slice =>
            slice.Metadata.Label(EndpointSlice.ServiceNameLabel) is { } name ? [new ObjectKey(slice.Metadata.Namespace!, name).ToString()] : []);
        var queue = context.Add(controllers, "endpointslice",
            _ => new EndpointSliceController(context, services.Store, pods.Store, byService));
        services.EnqueueSelf(queue);
        slices.EnqueueMapped(queue, slice => slice.Metadata.Label(EndpointSlice.ServiceNameLabel) is { } name
            ? [new ObjectKey(slice.Metadata.Namespace!, name)]
            : []);
        pods.EnqueueMapped(queue, pod => services.Store.All.Where(s => EndpointSlices.Selects(s, pod)).Select(s => s.Key));
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        // Slices of a Service that is gone go with their owner; those of one without a selector are somebody else's.
        if (services.Get(key) is not { Spec.Selector.Count: > 0, Metadata.DeletionTimestamp: null } service)
            return Outcome.Settled;
        var existing = slices[key.ToString()].Where(s => s.Metadata.Label(EndpointSlices.ManagedBy) == EndpointSlices.Manager).ToList();
        var wanted = EndpointSlices.Build(service, pods.All);
        foreach (var slice in wanted)
        {
            if (existing.Find(s => s.Metadata.Name == slice.Metadata.Name) is { } old)
                await UpdateAsync(old, slice, cancel);
            else
                await CreateAsync(slice, cancel);
        }
        foreach (var stale in existing.Where(old => wanted.All(slice => slice.Metadata.Name != old.Metadata.Name)))
            await context.Client.DeleteExactlyAsync(stale, cancel);
        return Outcome.Settled;
    }

    private async Task CreateAsync(EndpointSlice slice, CancellationToken cancel)
    {
        try
        {
            await context.Client.CreateAsync(slice, cancel: cancel);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            var current = await context.Client.GetAsync<EndpointSlice>(slice.Key, cancel);
            await UpdateAsync(current, slice, cancel);
        }
    }

    private async Task UpdateAsync(EndpointSlice old, EndpointSlice wanted, CancellationToken cancel)
    {
        var change = new JsonObject();
        if (!JsonElement.DeepEquals(Content(old), Content(wanted)))
        {
            var content = JsonSerializer.SerializeToNode(wanted, KubeJson.Default.EndpointSlice)!.AsObject();
            change["endpoints"] = content["endpoints"]?.DeepClone();
            change["ports"] = content["ports"]?.DeepClone();
        }
        var labels = wanted.Metadata.Labels!.Where(label => old.Metadata.Label(label.Key) != label.Value).ToList();
        if (labels.Count > 0)
            change["metadata"] = new JsonObject { ["labels"] = Patching.Strings(labels) };
        if (change.Count > 0)
            await context.Client.MergeAsync(old, change, cancel);
    }

    private static JsonElement Content(EndpointSlice slice)
    {
        var bare = slice with { Metadata = new ObjectMeta(), Endpoints = slice.Endpoints ?? [], Ports = slice.Ports ?? [] };
        return JsonSerializer.SerializeToElement(bare, KubeJson.Default.EndpointSlice);
    }
}
