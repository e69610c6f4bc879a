using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Usage;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Autoscaling;

/// <summary>Scales through the scale subresource by what the kubelet has measured, looking every fifteen seconds.</summary>
internal sealed class AutoscalerController(
    ControllerContext context, Store<HorizontalPodAutoscaler> autoscalers, ResourceUsage usage) : IReconciler<ObjectKey>
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, ScalingMemory> _memory = new();

    internal static void Register(ControllerContext context, ControllerSet controllers, ResourceUsage usage)
    {
        var autoscalers = context.Informers.Of<HorizontalPodAutoscaler>();
        var queue = context.Add(controllers, "autoscaler", _ => new AutoscalerController(context, autoscalers.Store, usage));
        autoscalers.EnqueueSelf(queue);
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (autoscalers.Get(key) is not { Spec.ScaleTargetRef: { } reference, Metadata.DeletionTimestamp: null } autoscaler)
            return Outcome.Settled;
        var now = context.Time.GetUtcNow();
        var status = new AutoscalerStatus(autoscaler, now);
        try
        {
            var kind = await context.Client.ResolveAsync(reference.ApiVersion ?? "v1", reference.Kind, cancel);
            var path = kind.ObjectPath(new ObjectKey(key.Namespace, reference.Name)) + "/scale";
            var scale = (await context.Client.GetJsonAsync(path, cancel)).Deserialize(LocalJson.Default.ScaleResource)!;
            await ScaleAsync(autoscaler, kind, scale, status, now, cancel);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            var message = $"the HPA controller was unable to get the target's current scale: {e.Status?.Message ?? e.Message}";
            status.Set("AbleToScale", false, "FailedGetScale", message);
            context.Event(autoscaler, "Warning", "FailedGetScale", message);
        }
        await context.Client.WriteStatusAsync(
            autoscaler, autoscaler.Status, status.Build(), KubeJson.Default.HorizontalPodAutoscalerStatus, cancel);
        return Outcome.Again(Period);
    }

    private async Task ScaleAsync(
        HorizontalPodAutoscaler autoscaler, ResourceKind kind, ScaleResource scale, AutoscalerStatus status, DateTimeOffset now, CancellationToken cancel)
    {
        var spec = autoscaler.Spec!;
        var current = scale.Spec?.Replicas ?? 0;
        status.Replicas(scale.Status?.Replicas ?? current, current);
        status.Set("AbleToScale", true, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        if (current == 0 && spec.MinReplicas is not 0)
        {
            status.Set("ScalingActive", false, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
            return;
        }
        var proposed = await ProposeAsync(autoscaler, scale, current, status, cancel);
        var outside = current > spec.MaxReplicas || current < (spec.MinReplicas ?? 1);
        if (proposed is null && !outside)
            return;
        var memory = _memory.GetOrAdd(autoscaler.Metadata.Uid!, _ => new ScalingMemory());
        var decision = outside
            ? new ScalingDecision(Math.Clamp(current, spec.MinReplicas ?? 1, spec.MaxReplicas ?? 1), "SucceededGetScale",
                "the HPA controller was able to get the target's current scale", "DesiredWithinRange", "the desired count is within the acceptable range")
            : memory.Narrow(spec, current, proposed!.Value, now);
        status.Set("AbleToScale", true, decision.AbleReason, decision.AbleMessage);
        status.Set("ScalingLimited", decision.IsLimited, decision.LimitedReason, decision.LimitedMessage);
        status.Replicas(scale.Status?.Replicas ?? current, decision.Replicas);
        if (decision.Replicas == current)
            return;
        var patch = Patching.Element(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = decision.Replicas } });
        await context.Client.MergePatchAsync(
            kind, new ObjectKey(autoscaler.Metadata.Namespace!, spec.ScaleTargetRef!.Name), patch, "scale", cancel);
        memory.Scaled(decision.Replicas - current, now);
        status.Rescaled(decision.Replicas);
        context.Event(autoscaler, "Normal", "SuccessfulRescale", $"New size: {decision.Replicas}; reason: {Why(decision.Replicas > current, outside)}");
    }

    private static string Why(bool up, bool outside) => outside ? "Current number of replicas outside of minReplicas and maxReplicas"
        : up ? "resource utilization above target" : "All metrics below target";

    /// <summary>The largest proposal of all metrics; null when one is missing and the others do not ask for more.</summary>
    private async Task<int?> ProposeAsync(
        HorizontalPodAutoscaler autoscaler, ScaleResource scale, int current, AutoscalerStatus status, CancellationToken cancel)
    {
        var options = new ListOptions { LabelSelector = scale.Status?.Selector };
        var pods = await context.Client.ListAsync<Pod>(autoscaler.Metadata.Namespace, options, cancel);
        int? best = null;
        MetricException? failure = null;
        var name = "";
        foreach (var metric in autoscaler.Spec!.Metrics ?? [])
        {
            try
            {
                var (proposal, measured) = ResourceMetric.Propose(metric, current, pods.Items, pod => usage.Of(pod.Metadata.Uid!));
                best = Math.Max(best ?? 0, proposal.Replicas);
                name = metric.Resource?.Name ?? metric.ContainerResource?.Name ?? "";
                status.Measured(measured);
            }
            catch (MetricException e)
            {
                failure ??= e;
            }
        }
        if (failure is not null && (best is null || best <= current))
        {
            var message = $"the HPA was unable to compute the replica count: {failure.Message}";
            status.Set("ScalingActive", false, failure.Reason, message);
            context.Event(autoscaler, "Warning", failure.Reason, message);
            return null;
        }
        if (best is not null)
            status.Set("ScalingActive", true, "ValidMetricFound", $"the HPA was able to successfully calculate a replica count from {name} resource utilization (percentage of request)");
        return best;
    }
}
