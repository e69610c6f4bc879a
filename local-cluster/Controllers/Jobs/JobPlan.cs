using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Workloads;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Jobs;

/// <summary>What to do next for a Job.</summary>
/// <param name="Active">How many pods should run now; those above are deleted.</param>
/// <param name="Status">What is known, with the final conditions when it has ended.</param>
/// <param name="WakeAt">When to look again although nothing has happened.</param>
internal sealed record JobStep(int Active, JobStatus Status, DateTimeOffset? WakeAt);

/// <summary>Decides how many pods a Job runs and when it has ended; pure.</summary>
internal static class JobPlan
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(6);

    internal static bool IsFinished(JobStatus? status) =>
        status?.Conditions?.Any(c => c.Type is "Complete" or "Failed" && c.Status == ConditionStatus.True) ?? false;

    internal static JobStep Next(JobResource job, IReadOnlyList<Pod> pods, DateTimeOffset now)
    {
        var spec = job.Spec!;
        var active = pods.Where(PodState.IsActive).ToList();
        // Counted pods may have been deleted since; what has ended stays ended.
        var succeeded = Math.Max(pods.Count(p => p.Status?.Phase == "Succeeded"), job.Status?.Succeeded ?? 0);
        var failed = Math.Max(pods.Count(p => p.Status?.Phase == "Failed"), job.Status?.Failed ?? 0);
        DateTimeOffset? started = spec.Suspend == true ? null : job.Status?.StartTime ?? now;
        var status = new JobStatus
        {
            StartTime = started,
            Succeeded = succeeded,
            Failed = failed,
            Active = active.Count,
            Ready = active.Count(PodState.IsReady),
            Conditions = (job.Status?.Conditions ?? []).Where(c => c.Type != "Suspended").ToList(),
        };
        if (spec.Suspend == true)
            return new JobStep(0, With(status, now, ("Suspended", "JobSuspended", "Job suspended")), null);
        if (Failure(job, failed + active.Sum(PodState.Restarts), started!.Value, now) is { } failure)
            return new JobStep(0, With(status, now, ("FailureTarget", failure.Reason, failure.Message), ("Failed", failure.Reason, failure.Message)), null);
        if (spec.Completions is { } wanted ? succeeded >= wanted : succeeded > 0 && active.Count == 0)
        {
            const string message = "Reached expected number of succeeded pods";
            var done = With(status, now, ("SuccessCriteriaMet", "CompletionsReached", message), ("Complete", "CompletionsReached", message));
            return new JobStep(0, done with { CompletionTime = now }, null);
        }
        var deadline = spec.ActiveDeadlineSeconds is { } seconds ? started.Value.AddSeconds(seconds) : (DateTimeOffset?)null;
        var size = spec.Completions is { } completions ? Math.Min(spec.Parallelism ?? 1, completions - succeeded)
            : succeeded > 0 ? active.Count
            : spec.Parallelism ?? 1;
        if (size > active.Count && RetryAt(pods) is { } retry && retry > now)
            return new JobStep(active.Count, status, deadline < retry ? deadline : retry);
        return new JobStep(size, status with { Active = Math.Max(size, active.Count) }, deadline);
    }

    private static PodFailure? Failure(JobResource job, int failed, DateTimeOffset started, DateTimeOffset now) =>
        failed > (job.Spec!.BackoffLimit ?? 6)
            ? new PodFailure("BackoffLimitExceeded", "Job has reached the specified backoff limit")
            : job.Spec.ActiveDeadlineSeconds is { } seconds && now >= started.AddSeconds(seconds)
                ? new PodFailure("DeadlineExceeded", "Job was active longer than specified deadline")
                : null;

    private sealed record PodFailure(string Reason, string Message);

    /// <summary>When the next pod may follow the failed ones.</summary>
    private static DateTimeOffset? RetryAt(IEnumerable<Pod> pods)
    {
        var ends = pods.Where(pod => pod.Status?.Phase == "Failed").Select(EndOf).OfType<DateTimeOffset>().ToList();
        if (ends.Count == 0)
            return null;
        var wait = FirstBackoff * Math.Pow(2, Math.Min(ends.Count - 1, 10));
        return ends.Max() + (wait < LongestBackoff ? wait : LongestBackoff);
    }

    private static DateTimeOffset? EndOf(Pod pod) =>
        pod.Status?.ContainerStatuses?.Select(c => c.State?.Terminated?.FinishedAt).Max() ?? pod.Metadata.CreationTimestamp;

    private static JobStatus With(JobStatus status, DateTimeOffset now, params (string Type, string Reason, string Message)[] more) =>
        status with
        {
            Active = 0,
            Ready = 0,
            Conditions = [.. status.Conditions!, .. more.Select(condition => new PodCondition
            {
                Type = condition.Type,
                Status = ConditionStatus.True,
                Reason = condition.Reason,
                Message = condition.Message,
                LastProbeTime = now,
                LastTransitionTime = now,
            })],
        };
}
