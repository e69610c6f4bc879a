using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Workloads;
using Sluice.LocalCluster.Kubelet;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Cluster;

/// <summary>Binds pods to the node, or says why not.</summary>
internal sealed class SchedulerController(
    ControllerContext context, Store<Pod> pods, Store<Node> nodes, Store<PersistentVolumeClaim> claims) : IReconciler<ObjectKey>
{
    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var pods = context.Informers.Of<Pod>();
        var nodes = context.Informers.Of<Node>();
        var claims = context.Informers.Of<PersistentVolumeClaim>();
        var queue = context.Add(controllers, "scheduler",
            _ => new SchedulerController(context, pods.Store, nodes.Store, claims.Store));
        IEnumerable<ObjectKey> Waiting() => pods.Store.All.Where(IsWaiting).Select(pod => pod.Key);
        pods.EnqueueMapped(queue, pod => IsWaiting(pod) ? [pod.Key] : []);
        // Room that a pod leaves, a node's labels and a new claim may let others in.
        pods.Subscribe(change =>
        {
            if (change.New is null || PodState.IsTerminal(change.New))
                AddAll(queue, Waiting());
        });
        nodes.EnqueueMapped(queue, _ => Waiting());
        claims.EnqueueMapped(queue, _ => Waiting());
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (pods.Get(key) is not { } pod || !IsWaiting(pod))
            return Outcome.Settled;
        var problem = nodes.Get(ObjectKey.Cluster(NodeInfo.LocalName)) is { } node
            ? MissingClaim(pod) ?? Scheduling.Problem(pod, node, [.. pods.All.Where(p => !IsWaiting(p) && !PodState.IsTerminal(p))])
            : "no nodes available to schedule pods";
        if (problem is null)
            await BindAsync(pod, cancel);
        else
            await RefuseAsync(pod, problem, cancel);
        return Outcome.Settled;
    }

    private static bool IsWaiting(Pod pod) =>
        string.IsNullOrEmpty(pod.Spec?.NodeName) && PodState.IsActive(pod)
        && (pod.Spec?.SchedulerName is null or "" or "default-scheduler");

    private static void AddAll(Kubernetes.Queue.WorkQueue<ObjectKey> queue, IEnumerable<ObjectKey> keys)
    {
        foreach (var key in keys)
            queue.Add(key);
    }

    private string? MissingClaim(Pod pod) => (pod.Spec?.Volumes ?? [])
        .Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>()
        .Where(name => claims.Get(new ObjectKey(pod.Metadata.Namespace!, name)) is null)
        .Select(name => $"0/1 nodes are available: persistentvolumeclaim \"{name}\" not found.")
        .FirstOrDefault();

    private async Task BindAsync(Pod pod, CancellationToken cancel)
    {
        var binding = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Binding",
            ["metadata"] = new JsonObject { ["name"] = pod.Metadata.Name, ["namespace"] = pod.Metadata.Namespace, ["uid"] = pod.Metadata.Uid },
            ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = NodeInfo.LocalName },
        };
        using var content = new StringContent(binding.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var response = await context.Client.RawAsync(HttpMethod.Post, Pod.Kind.ObjectPath(pod.Key) + "/binding", content, cancel);
        if (response.IsSuccessStatusCode)
        {
            context.Event(pod, "Normal", "Scheduled", $"Successfully assigned {pod.Key} to {NodeInfo.LocalName}");
            return;
        }
        var status = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancel), KubeJson.Default.Status);
        var error = new KubeApiException(response.StatusCode, status, null, "bind");
        // Gone, or bound a moment ago: the next event tells.
        if (!error.IsNotFound && !error.IsConflict)
            throw error;
    }

    private async Task RefuseAsync(Pod pod, string problem, CancellationToken cancel)
    {
        var conditions = (pod.Status?.Conditions ?? []).Where(c => c.Type != "PodScheduled").ToList();
        var old = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "PodScheduled");
        if (old?.Message != problem)
            context.Event(pod, "Warning", "FailedScheduling", problem);
        conditions.Add(new PodCondition
        {
            Type = "PodScheduled",
            Status = ConditionStatus.False,
            Reason = "Unschedulable",
            Message = problem,
            LastTransitionTime = old?.Status == ConditionStatus.False ? old.LastTransitionTime : context.Time.GetUtcNow(),
        });
        var status = (pod.Status ?? new PodStatus()) with { Phase = "Pending", Conditions = conditions };
        await context.Client.WriteStatusAsync(pod, pod.Status, status, KubeJson.Default.PodStatus, cancel);
    }
}
