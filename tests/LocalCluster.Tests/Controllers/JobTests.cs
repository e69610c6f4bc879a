using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Jobs;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Tests.Controllers;

public sealed class JobTests
{
    private static readonly DateTimeOffset T0 = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static JobResource Job(int? completions = 1, int parallelism = 1, int backoff = 6, long? deadline = null, bool suspend = false) => new()
    {
        Metadata = new ObjectMeta { Name = "j", Namespace = "n" },
        Spec = new JobResourceSpec
        {
            Completions = completions, Parallelism = parallelism, BackoffLimit = backoff, ActiveDeadlineSeconds = deadline, Suspend = suspend,
        },
        Status = new JobStatus { StartTime = T0 },
    };

    private static Pod Pod(string phase, DateTimeOffset? end = null) => new()
    {
        Metadata = new ObjectMeta { Name = "p" },
        Status = new PodStatus
        {
            Phase = phase,
            ContainerStatuses =
            [
                new ContainerStatus { Name = "c", State = new() { Terminated = end is null ? null : new() { FinishedAt = end } } },
            ],
        },
    };

    [Fact]
    public void No_more_pods_run_than_are_still_needed()
    {
        JobPlan.Next(Job(completions: 5, parallelism: 2), [], T0).Active.Should().Be(2);
        JobPlan.Next(Job(completions: 5, parallelism: 3), [Pod("Succeeded"), Pod("Succeeded"), Pod("Succeeded")], T0).Active.Should().Be(2);
    }

    [Fact]
    public void Enough_successes_complete_it()
    {
        var step = JobPlan.Next(Job(completions: 2), [Pod("Succeeded"), Pod("Succeeded")], T0);

        step.Active.Should().Be(0);
        step.Status.Conditions!.Select(c => c.Type).Should().Equal("SuccessCriteriaMet", "Complete");
        step.Status.CompletionTime.Should().Be(T0);
    }

    [Fact]
    public void A_failed_pod_is_followed_by_another_after_a_while()
    {
        var step = JobPlan.Next(Job(), [Pod("Failed", T0)], T0.AddSeconds(1));

        step.Active.Should().Be(0);
        step.WakeAt.Should().Be(T0.AddSeconds(10));
        JobPlan.Next(Job(), [Pod("Failed", T0)], T0.AddSeconds(10)).Active.Should().Be(1);
    }

    [Fact]
    public void Too_many_failures_and_a_deadline_end_it()
    {
        JobPlan.Next(Job(backoff: 1), [Pod("Failed", T0), Pod("Failed", T0)], T0).Status.Conditions![^1]
            .Should().BeEquivalentTo(new { Type = "Failed", Reason = "BackoffLimitExceeded" });
        JobPlan.Next(Job(deadline: 5), [Pod("Running")], T0.AddSeconds(5)).Status.Conditions![^1].Reason.Should().Be("DeadlineExceeded");
    }

    [Fact]
    public void A_suspended_job_runs_nothing() => JobPlan.Next(Job(suspend: true), [Pod("Running")], T0).Active.Should().Be(0);

    [Theory]
    [InlineData("*/15 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:15:00Z")]
    [InlineData("0 3 * * *", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z")]
    [InlineData("30 9-17/4 * * mon-fri", "2026-01-02T17:31:00Z", "2026-01-05T09:30:00Z")]
    [InlineData("0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("0 0 29 feb *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("@hourly", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z")]
    public void Schedules_mean_what_cron_means(string schedule, string after, string next) =>
        CronSchedule.Parse(schedule).Next(DateTimeOffset.Parse(after)).Should().Be(DateTimeOffset.Parse(next));

    [Theory]
    [InlineData("* * * *")]
    [InlineData("61 * * * *")]
    [InlineData("x * * * *")]
    [InlineData("*/0 * * * *")]
    public void A_wrong_schedule_is_refused(string schedule) =>
        ((Action)(() => CronSchedule.Parse(schedule))).Should().Throw<FormatException>();

    [Fact]
    public void A_schedule_that_never_comes_has_no_next_time() => CronSchedule.Parse("0 0 31 2 *").Next(T0).Should().BeNull();
}
