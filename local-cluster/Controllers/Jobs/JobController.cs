using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Json;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Workloads;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Jobs;

/// <summary>Runs Jobs to their completion. Indexed completion and pod failure policies are not done.</summary>
internal sealed class JobController(ControllerContext context, Store<JobResource> jobs) : IReconciler<ObjectKey>
{
    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var jobs = context.Informers.Of<JobResource>();
        var pods = context.Informers.Of<Pod>();
        var queue = context.Add(controllers, "job", _ => new JobController(context, jobs.Store));
        jobs.EnqueueSelfAlways(queue);
        pods.EnqueueOwner(Job.Kind, queue);
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (jobs.Get(key) is not { Spec.Selector: { } selector, Metadata.DeletionTimestamp: null } job)
            return Outcome.Settled;
        var now = context.Time.GetUtcNow();
        if (JobPlan.IsFinished(job.Status))
            return await ExpireAsync(job, now, cancel);
        var listed = await context.Client.ListAsync<Pod>(key.Namespace, new ListOptions { LabelSelector = selector.ToQuery() }, cancel);
        var pods = listed.Items.Where(pod => pod.Metadata.Controller?.Uid == job.Metadata.Uid).ToList();
        var step = JobPlan.Next(job, pods, now);
        await ScaleAsync(job, [.. pods.Where(PodState.IsActive)], step.Active, cancel);
        await context.Client.WriteStatusAsync(job, job.Status, step.Status, KubeJson.Default.JobStatus, cancel);
        if (step.Status.Conditions?.LastOrDefault() is { Type: "Complete" or "Failed" } end)
            context.Event(job, end.Type == "Failed" ? "Warning" : "Normal", end.Type == "Failed" ? end.Reason! : "Completed", end.Message!);
        return step.WakeAt is { } wake ? Outcome.Again(wake > now ? wake - now : TimeSpan.Zero) : Outcome.Settled;
    }

    private async Task<Outcome> ExpireAsync(JobResource job, DateTimeOffset now, CancellationToken cancel)
    {
        if (job.Spec!.TtlSecondsAfterFinished is not { } seconds)
            return Outcome.Settled;
        var end = job.Status!.Conditions!.Max(condition => condition.LastTransitionTime) ?? now;
        var rest = end.AddSeconds(seconds) - now;
        if (rest > TimeSpan.Zero)
            return Outcome.Again(rest);
        await context.Client.DeleteExactlyAsync(job, cancel, "Foreground");
        return Outcome.Settled;
    }

    private async Task ScaleAsync(JobResource job, IReadOnlyList<Pod> active, int wanted, CancellationToken cancel)
    {
        foreach (var pod in DeletionOrder.Sort(active).Take(active.Count - wanted))
        {
            await context.Client.DeleteExactlyAsync(pod, cancel);
            context.Event(job, "Normal", "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}");
        }
        for (var i = active.Count; i < wanted; i++)
        {
            var pod = await context.Client.CreateAsync(PodFromTemplate.Build(job.Spec!.Template, job, context.Random), cancel: cancel);
            context.Event(job, "Normal", "SuccessfulCreate", $"Created pod: {pod.Metadata.Name}");
        }
    }
}
