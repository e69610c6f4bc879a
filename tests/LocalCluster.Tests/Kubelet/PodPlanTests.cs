using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Pods;

namespace Sluice.LocalCluster.Tests.Kubelet;

public sealed class PodPlanTests
{
    private static readonly DateTimeOffset T0 = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static ContainerRun Waiting(string name, bool sidecar = false) => new() { Name = name, Image = "i", Sidecar = sidecar };

    private static ContainerRun Running(string name, bool sidecar = false) =>
        Waiting(name, sidecar).Running("process://1", "file:///i", T0) with { Started = true, Ready = true };

    private static ContainerRun Ended(string name, int code, DateTimeOffset at) =>
        Running(name).Exited(new ContainerStateTerminated { ExitCode = code, FinishedAt = at }, at);

    private static PodRecord Record(ContainerRun[] init, params ContainerRun[] main) =>
        new() { Init = init, Main = main, StartTime = T0, PodIp = "127.80.0.1" };

    private static Pod Pod(string policy = "Always") => new()
    {
        Metadata = new ObjectMeta { Name = "p", Namespace = "n", Uid = "u" },
        Spec = new PodSpec { RestartPolicy = policy, Containers = [new Container { Name = "a" }] },
    };

    [Fact]
    public void Init_containers_run_one_after_the_other_and_before_the_main_ones()
    {
        PodPlan.Next(Record([Waiting("i1"), Waiting("i2")], Waiting("a"), Waiting("b")), "Always", T0).Start.Should().Equal("i1");
        PodPlan.Next(Record([Running("i1"), Waiting("i2")], Waiting("a")), "Always", T0).Start.Should().BeEmpty();
        PodPlan.Next(Record([Ended("i1", 0, T0), Waiting("i2")], Waiting("a")), "Always", T0).Start.Should().Equal("i2");
        PodPlan.Next(Record([Ended("i1", 0, T0), Ended("i2", 0, T0)], Waiting("a"), Waiting("b")), "Always", T0)
            .Start.Should().Equal("a", "b");
    }

    [Fact]
    public void A_sidecar_lets_the_next_go_on_once_it_has_started_and_is_stopped_when_the_work_is_done()
    {
        PodPlan.Next(Record([Running("s", sidecar: true) with { Started = false }], Waiting("a")), "Never", T0).Start.Should().BeEmpty();
        PodPlan.Next(Record([Running("s", sidecar: true)], Waiting("a")), "Never", T0).Start.Should().Equal("a");
        PodPlan.Next(Record([Running("s", sidecar: true)], Ended("a", 0, T0)), "Never", T0).Stop.Should().Equal("s");
    }

    [Fact]
    public void A_container_that_fails_is_started_again_at_once_and_then_ever_later_up_to_five_minutes()
    {
        var run = Running("a");
        var waits = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            run = run.Exited(new ContainerStateTerminated { ExitCode = 1, FinishedAt = T0 }, T0);
            waits.Add((run.NotBefore - T0).TotalSeconds);
            run = run.Running("process://1", "i", T0);
        }

        waits.Should().Equal(0, 10, 20, 40, 80, 160, 300, 300);
        run.RestartCount.Should().Be(8);
    }

    [Fact]
    public void A_good_run_clears_the_backoff()
    {
        var run = Running("a") with { Backoff = TimeSpan.FromMinutes(5) };

        run.Exited(new ContainerStateTerminated { ExitCode = 1 }, T0.AddMinutes(11)).NotBefore.Should().Be(T0.AddMinutes(11));
    }

    [Fact]
    public void The_plan_says_when_to_look_again()
    {
        var failed = Ended("a", 1, T0) with { NotBefore = T0.AddSeconds(10) };

        var step = PodPlan.Next(Record([], failed), "Always", T0);

        step.Start.Should().BeEmpty();
        step.WakeAt.Should().Be(T0.AddSeconds(10));
        PodPlan.Next(Record([], failed), "Always", T0.AddSeconds(10)).Start.Should().Equal("a");
    }

    [Theory]
    [InlineData("Always", 0, true)]
    [InlineData("Always", 1, true)]
    [InlineData("OnFailure", 0, false)]
    [InlineData("OnFailure", 1, true)]
    [InlineData("Never", 1, false)]
    public void The_restart_policy_decides_what_starts_again(string policy, int code, bool again) =>
        PodPlan.Next(Record([], Ended("a", code, T0)), policy, T0).Start.Should().HaveCount(again ? 1 : 0);

    [Fact]
    public void Nothing_starts_in_a_pod_that_is_being_deleted() =>
        PodPlan.Next(Record([], Waiting("a")) with { Terminating = true }, "Always", T0).Start.Should().BeEmpty();

    [Theory]
    [InlineData("Always", 0, 0, "Running")]
    [InlineData("Never", 0, 0, "Succeeded")]
    [InlineData("Never", 0, 1, "Failed")]
    [InlineData("OnFailure", 0, 0, "Succeeded")]
    [InlineData("OnFailure", 0, 1, "Running")]
    public void The_phase_follows_from_the_containers(string policy, int first, int second, string phase) =>
        PodStatusFor.Phase(Record([], Ended("a", first, T0), Ended("b", second, T0)), policy).Should().Be(phase);

    [Fact]
    public void A_pod_is_pending_until_its_init_containers_are_done()
    {
        PodStatusFor.Phase(Record([Running("i")], Waiting("a")), "Always").Should().Be("Pending");
        PodStatusFor.Phase(Record([Ended("i", 1, T0)], Waiting("a")), "Always").Should().Be("Pending");
        PodStatusFor.Phase(Record([Ended("i", 1, T0)], Waiting("a")), "Never").Should().Be("Failed");
    }

    [Fact]
    public void A_crash_loop_shows_the_wait_and_how_the_last_run_ended()
    {
        var failed = Ended("a", 3, T0) with { NotBefore = T0.AddSeconds(20), RestartCount = 2 };

        var status = PodStatusFor.Build(Pod(), Record([], failed), "127.0.0.1", T0);

        var container = status.ContainerStatuses.Should().ContainSingle().Subject;
        container.State!.Waiting!.Reason.Should().Be("CrashLoopBackOff");
        container.State.Waiting.Message.Should().Be("back-off 20s restarting failed container=a pod=p_n(u)");
        container.LastState!.Terminated!.ExitCode.Should().Be(3);
        container.RestartCount.Should().Be(2);
        status.Phase.Should().Be("Running");
    }

    [Fact]
    public void Conditions_tell_what_is_not_ready_and_keep_their_time_and_those_of_others()
    {
        var pod = Pod() with
        {
            Status = new PodStatus
            {
                Conditions =
                [
                    new PodCondition { Type = "Initialized", Status = "True", LastTransitionTime = T0.AddDays(-1) },
                    new PodCondition { Type = "example.com/gate", Status = "True" },
                ],
            },
        };

        var conditions = PodStatusFor.Build(pod, Record([], Running("a") with { Ready = false }), "127.0.0.1", T0).Conditions!;

        conditions.Single(c => c.Type == "Initialized").LastTransitionTime.Should().Be(T0.AddDays(-1));
        conditions.Single(c => c.Type == "Ready").Should().BeEquivalentTo(new
        {
            Status = "False", Reason = "ContainersNotReady", Message = "containers with unready status: [a]", LastTransitionTime = T0,
        });
        conditions.Should().Contain(c => c.Type == "example.com/gate");
    }

    [Fact]
    public void A_readiness_gate_holds_a_pod_back()
    {
        var pod = Pod();
        pod = pod with { Spec = pod.Spec! with { ReadinessGates = [new PodReadinessGate { ConditionType = "x/y" }] } };

        var conditions = PodStatusFor.Build(pod, Record([], Running("a")), "127.0.0.1", T0).Conditions!;

        conditions.Single(c => c.Type == "ContainersReady").Status.Should().Be("True");
        conditions.Single(c => c.Type == "Ready").Reason.Should().Be("ReadinessGatesNotReady");
    }

    [Fact]
    public void A_pod_that_is_being_deleted_is_as_ready_as_its_probe_says_for_as_long_as_it_runs()
    {
        var status = PodStatusFor.Build(Pod(), Record([], Running("a")) with { Terminating = true }, "127.0.0.1", T0);

        status.Phase.Should().Be("Running");
        status.IsReady.Should().BeTrue();
        status.ContainerStatuses![0].Ready.Should().BeTrue();
    }

    [Theory]
    [InlineData(null, null, "BestEffort")]
    [InlineData("100m", null, "Burstable")]
    [InlineData("100m", "100m", "Guaranteed")]
    [InlineData(null, "100m", "Guaranteed")]
    [InlineData("50m", "100m", "Burstable")]
    public void Requests_and_limits_make_the_class_of_service(string? request, string? limit, string expected)
    {
        static Dictionary<string, Quantity>? Of(string? amount) =>
            amount is null ? null : new() { ["cpu"] = amount, ["memory"] = amount };
        var resources = new ResourceRequirements { Requests = Of(request), Limits = Of(limit) };

        QosClass.Of(new PodSpec { Containers = [new Container { Name = "a", Resources = resources }] }).Should().Be(expected);
    }
}
