using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>Writes a pod's status when it differs from what was last written, and only the difference.</summary>
internal sealed class StatusWriter(KubeClient client, Pod pod)
{
    private JsonObject? _written = pod.Status is { } status ? Json(status) : null;

    /// <summary>Nothing happens when the pod is gone, or another one bears its name.</summary>
    internal async Task WriteAsync(PodStatus status, CancellationToken cancel)
    {
        var next = Json(status);
        if (MergePatch.Between(_written, next) is not { } difference)
            return;
        // The uid is a precondition: a successor with the same name must not get this pod's status.
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid },
            ["status"] = difference,
        };
        try
        {
            var body = JsonSerializer.SerializeToElement(patch, KubeJson.Default.JsonObject);
            await client.MergePatchAsync<Pod>(pod.Metadata.Key, body, "status", cancel);
            _written = next;
        }
        catch (KubeApiException e) when (e.IsNotFound || e.IsConflict)
        {
            _written = next;
        }
    }

    private static JsonObject Json(PodStatus status) =>
        JsonSerializer.SerializeToNode(status, KubeJson.Default.PodStatus)!.AsObject();
}
