using System.Globalization;
using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Controllers;
using Sluice.Kubernetes.Informers;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Jobs;

/// <summary>Makes Jobs on schedule, in UTC. Of several missed times only the last one is made up for.</summary>
internal sealed class CronJobController(ControllerContext context, Store<CronJobResource> crons, StoreIndex<JobResource> jobsByOwner)
    : IReconciler<ObjectKey>
{
    internal static void Register(ControllerContext context, ControllerSet controllers)
    {
        var crons = context.Informers.Of<CronJobResource>();
        var jobs = context.Informers.Of<JobResource>();
        var byOwner = jobs.Store.AddOwnerIndex();
        var queue = context.Add(controllers, "cronjob", _ => new CronJobController(context, crons.Store, byOwner));
        crons.EnqueueSelf(queue);
        jobs.EnqueueOwner(CronJobResource.Kind, queue);
    }

    public async ValueTask<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (crons.Get(key) is not { Spec: { Schedule: { } text } spec, Metadata.DeletionTimestamp: null } cron)
            return Outcome.Settled;
        var own = jobsByOwner[cron.Metadata.Uid!];
        await TidyAsync(spec, own, cancel);
        var running = own.Where(job => !JobPlan.IsFinished(job.Status)).ToList();
        var now = context.Time.GetUtcNow();
        if (Schedule(cron, text) is not { } schedule)
            return Outcome.Settled;
        var last = cron.Status?.LastScheduleTime ?? cron.Metadata.CreationTimestamp ?? now;
        if (spec.Suspend != true && LastDue(schedule, last, now) is { } due && !IsTooLate(spec, due, now))
        {
            if (spec.ConcurrencyPolicy == "Forbid" && running.Count > 0)
                context.Event(cron, "Normal", "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
            else
                running = await StartAsync(cron, due, running, cancel);
            last = due;
        }
        await WriteStatusAsync(cron, running, own, last, cancel);
        return schedule.Next(now) is { } next ? Outcome.Again(next - now) : Outcome.Settled;
    }

    private CronSchedule? Schedule(CronJobResource cron, string text)
    {
        try
        {
            if (cron.Spec!.TimeZone is { } zone and not ("UTC" or "Etc/UTC"))
                throw new FormatException($"time zone {zone} is not known here; the local cluster counts in UTC");
            return CronSchedule.Parse(text);
        }
        catch (FormatException e)
        {
            context.Event(cron, "Warning", "UnparseableSchedule", e.Message);
            return null;
        }
    }

    private static DateTimeOffset? LastDue(CronSchedule schedule, DateTimeOffset after, DateTimeOffset now)
    {
        DateTimeOffset? result = null;
        // A long sleep of the laptop must not be counted through minute by minute.
        var start = now - after > TimeSpan.FromDays(2) ? now - TimeSpan.FromDays(2) : after;
        for (var next = schedule.Next(start); next <= now; next = schedule.Next(next.Value))
            result = next;
        return result;
    }

    private static bool IsTooLate(CronJobResourceSpec spec, DateTimeOffset due, DateTimeOffset now) =>
        spec.StartingDeadlineSeconds is { } seconds && due.AddSeconds(seconds) < now;

    private async Task<List<JobResource>> StartAsync(CronJobResource cron, DateTimeOffset due, List<JobResource> running, CancellationToken cancel)
    {
        if (cron.Spec!.ConcurrencyPolicy == "Replace")
        {
            foreach (var job in running)
                await context.Client.DeleteExactlyAsync(job, cancel, "Background");
            running = [];
        }
        try
        {
            var job = await context.Client.CreateAsync(JobFor(cron, due), cancel: cancel);
            context.Event(cron, "Normal", "SuccessfulCreate", $"Created job {job.Metadata.Name}");
            return [.. running, job];
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Made before, and the note of it was lost.
            return running;
        }
    }

    private static JobResource JobFor(CronJobResource cron, DateTimeOffset due) => new()
    {
        Metadata = new ObjectMeta
        {
            // The minute is part of the name: the same time makes the same Job, however often it is tried.
            Name = $"{cron.Metadata.Name}-{(due.ToUnixTimeSeconds() / 60).ToString(CultureInfo.InvariantCulture)}",
            Namespace = cron.Metadata.Namespace,
            Labels = cron.Spec!.JobTemplate?.Metadata?.Labels,
            Annotations = cron.Spec.JobTemplate?.Metadata?.Annotations,
            OwnerReferences = [OwnerReference.ToController(cron)],
        },
        Spec = cron.Spec.JobTemplate?.Spec,
    };

    private async Task TidyAsync(CronJobResourceSpec spec, IReadOnlyList<JobResource> own, CancellationToken cancel)
    {
        foreach (var (type, keep) in new[] { ("Complete", spec.SuccessfulJobsHistoryLimit ?? 3), ("Failed", spec.FailedJobsHistoryLimit ?? 1) })
        {
            var ended = own.Where(job => job.Status?.Conditions?.Any(c => c.Type == type && c.Status == ConditionStatus.True) ?? false)
                .OrderBy(job => job.Status!.StartTime).ToList();
            foreach (var job in ended.Take(ended.Count - keep))
                await context.Client.DeleteExactlyAsync(job, cancel, "Background");
        }
    }

    private Task WriteStatusAsync(
        CronJobResource cron, List<JobResource> running, IReadOnlyList<JobResource> own, DateTimeOffset last, CancellationToken cancel)
    {
        var status = new CronJobResourceStatus
        {
            Active = running.Count == 0 ? null : [.. running.Select(job => ObjectReference.To(job))],
            LastScheduleTime = last == cron.Metadata.CreationTimestamp ? cron.Status?.LastScheduleTime : last,
            LastSuccessfulTime = own.Select(job => job.Status?.CompletionTime).Append(cron.Status?.LastSuccessfulTime).Max(),
        };
        return context.Client.WriteStatusAsync(cron, cron.Status, status, LocalJson.Default.CronJobResourceStatus, cancel);
    }
}
