using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;
using Sluice.Operator.Status;
using Sluice.Rollouts;

namespace Sluice.Operator.Versions;

/// <summary>What came of a Job so far; with neither a report nor a failure it is still at work.</summary>
/// <param name="Report">What it found.</param>
/// <param name="Failure">Why it found nothing.</param>
/// <param name="Fetched">Whether the artifact had arrived by then.</param>
/// <param name="Waiting">What keeps a pod that has not begun.</param>
/// <param name="LookAgain">When a result that is not to be seen yet is given up.</param>
internal sealed record JobOutcome(
    ModelReport? Report = null, Failure? Failure = null, bool Fetched = false, Failure? Waiting = null, DateTimeOffset? LookAgain = null)
{
    /// <summary>Jobs and pods are watched apart, so a Job may be seen to have ended before its pod is.</summary>
    static readonly TimeSpan Lag = TimeSpan.FromSeconds(10);

    public static JobOutcome Of(Job job, IEnumerable<Pod> pods, DateTimeOffset now)
    {
        var own = pods.Where(p => p.Metadata.Controller?.Uid == job.Metadata.Uid).ToArray();
        var end = job.Status?.Conditions?.FirstOrDefault(static c => c is { Type: "Complete" or "Failed", Status: ConditionStatus.True });
        if (own.Select(ReportOf).OfType<ModelReport>().FirstOrDefault() is { } report)
            return new JobOutcome(report, Fetched: true);
        var failure = PodFailures.Of(own, null);
        if (own.Any(static p => p.Status?.Phase == "Failed"))
            return new JobOutcome(Failure: failure ?? Lost(end), Fetched: own.Any(HasFetched));
        if (end is null)
            return new JobOutcome(Waiting: failure);
        // A Job that ran out of time deletes its pods, so there is nobody else to ask.
        var until = (end.LastTransitionTime ?? now) + Lag;
        return end.Reason != "DeadlineExceeded" && now < until
            ? new JobOutcome(LookAgain: until)
            : new JobOutcome(Failure: failure ?? Lost(end));
    }

    static ModelReport? ReportOf(Pod pod) => Ended(pod.Status?.ContainerStatuses, ContainersFor.InspectingName) is { ExitCode: 0 } ended
        ? ModelReportLine.TryParse(ended.Message) : null;

    static bool HasFetched(Pod pod) => Ended(pod.Status?.InitContainerStatuses, ContainersFor.FetchingName) is { ExitCode: 0 };

    static ContainerStateTerminated? Ended(IReadOnlyList<ContainerStatus>? containers, string name) =>
        containers?.FirstOrDefault(c => c.Name == name)?.State?.Terminated;

    static Failure Lost(PodCondition? end) => end is { Type: "Failed", Reason: { } reason and not "BackoffLimitExceeded" }
        ? new Failure(reason, end.Message ?? "the Job failed", Final: false)
        : new Failure(Reasons.ResultLost, "the pod that examined the artifact is gone, and nothing is known of what it found", Final: false);
}
