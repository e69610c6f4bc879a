using System.Globalization;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Tests.Kubelet;

public sealed class PodWorkerTests
{
    private static PodSpec Spec(params Container[] containers) => new() { Containers = containers, RestartPolicy = "Always" };

    private static Container Container(string name, string image, params string[] args) =>
        new() { Name = name, Image = image, Args = args };

    private static int Pid(ContainerStatus? status) =>
        int.Parse(status!.ContainerID!["process://".Length..], CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_pod_runs_its_init_containers_and_then_becomes_ready_on_its_own_address()
    {
        await using var stub = await PodStub.StartAsync();
        stub.Run(
            Spec(Container("main", "server", "0.0.0.0:8080")) with { InitContainers = [Container("init", "setup")] },
            ("setup", "echo prepared"),
            ("server", "echo listening on $1 as $POD_IP; exec sleep 1000"));

        await stub.Until(() => stub.Status.IsReady, "ready");

        stub.Status.Phase.Should().Be("Running");
        stub.Status.PodIP.Should().StartWith("127.");
        stub.Container("init")!.State!.Terminated!.Reason.Should().Be("Completed");
        stub.Container("init")!.Ready.Should().BeTrue();
        stub.Container("main")!.State!.Running.Should().NotBeNull();
        await stub.Until(() => stub.Log("main") == $"listening on {stub.Status.PodIP}:8080 as {stub.Status.PodIP}", "the log");
        stub.Events.Should().Contain("Normal Started: Started container init").And.Contain("Normal Created: Created container: main");
    }

    [Fact]
    public async Task A_killed_process_comes_back_with_its_restart_counted()
    {
        await using var stub = await PodStub.StartAsync();
        stub.Run(Spec(Container("main", "server")), ("server", "exec sleep 1000"));
        await stub.Until(() => stub.Status.IsReady, "ready");
        var first = Pid(stub.Container("main"));

        System.Diagnostics.Process.GetProcessById(first).Kill();
        await stub.Until(() => stub.Container("main")!.RestartCount == 1 && stub.Status.IsReady, "restarted");

        Pid(stub.Container("main")).Should().NotBe(first);
        stub.Container("main")!.LastState!.Terminated!.Should().BeEquivalentTo(new { ExitCode = 137, Signal = 9, Reason = "Error" });
    }

    [Fact]
    public async Task What_an_init_container_says_at_its_end_is_shown_while_it_backs_off()
    {
        await using var stub = await PodStub.StartAsync();
        stub.Run(
            Spec(Container("main", "setup")) with { InitContainers = [Container("init", "setup", "/dev/termination-log")] },
            ("setup", "printf '{\"reason\":\"NotFound\"}' > \"$1\"; exit 3"));

        await stub.Until(() => stub.Container("init")?.State?.Waiting?.Reason == "CrashLoopBackOff", "the crash loop");

        stub.Container("init")!.LastState!.Terminated!.Message.Should().Be("{\"reason\":\"NotFound\"}");
        stub.Container("init")!.LastState!.Terminated!.ExitCode.Should().Be(3);
        stub.Container("main")!.State!.Waiting!.Reason.Should().Be("PodInitializing");
        stub.Status.Phase.Should().Be("Pending");
    }

    [Fact]
    public async Task The_end_of_the_log_stands_in_for_a_missing_message_when_asked_for()
    {
        await using var stub = await PodStub.StartAsync();
        var container = Container("main", "fails") with { TerminationMessagePolicy = "FallbackToLogsOnError" };
        stub.Run(Spec(container) with { RestartPolicy = "Never" }, ("fails", "echo one; echo two >&2; exit 1"));

        await stub.Until(() => stub.Status.Phase == "Failed", "failed");

        stub.Container("main")!.State!.Terminated!.Message.Should().Be("one\ntwo\n");
    }

    [Fact]
    public async Task An_image_without_a_program_is_an_image_that_cannot_be_pulled()
    {
        await using var stub = await PodStub.StartAsync();
        stub.Run(Spec(Container("main", "unknown:1")));

        await stub.Until(() => stub.Container("main")?.State?.Waiting?.Reason == "ErrImagePull", "the image error");

        stub.Container("main")!.State!.Waiting!.Message.Should().Contain("--image unknown=/path/to/program");
        stub.Status.Phase.Should().Be("Pending");
    }

    [Fact]
    public async Task A_missing_configuration_key_is_named()
    {
        await using var stub = await PodStub.StartAsync();
        var container = Container("main", "server") with
        {
            Env = [new EnvVar { Name = "A", ValueFrom = new() { ConfigMapKeyRef = new() { Name = "settings", Key = "k" } } }],
        };
        stub.Run(Spec(container), ("server", "exec sleep 1000"));

        await stub.Until(() => stub.Container("main")?.State?.Waiting?.Reason == "CreateContainerConfigError", "the error");

        stub.Container("main")!.State!.Waiting!.Message.Should().Be("configmap \"settings\" not found");
    }

    [Fact]
    public async Task A_mounted_configuration_follows_a_change_of_an_annotation_at_once()
    {
        await using var stub = await PodStub.StartAsync();
        stub.ConfigMaps["split"] = new() { ["split.json"] = "1" };
        var container = Container("main", "server", "/etc/sluice/split") with
        {
            VolumeMounts = [new VolumeMount { Name = "split", MountPath = "/etc/sluice/split" }],
        };
        var spec = Spec(container) with { Volumes = [new Volume { Name = "split", ConfigMap = new() { Name = "split" } }] };
        stub.Run(spec, ("server", "while :; do cat $1/split.json; echo; sleep 0.05; done"));
        await stub.Until(() => stub.Log("main").EndsWith('1'), "the first content");

        stub.ConfigMaps["split"] = new() { ["split.json"] = "2" };
        stub.Annotate("sluice.dev/bump", "2");

        await stub.Until(() => stub.Log("main").EndsWith('2'), "the second content");
        stub.Log("main").Split('\n').Should().OnlyContain(line => line == "1" || line == "2", "no state between is seen");
        stub.Container("main")!.RestartCount.Should().Be(0);
    }

    [Fact]
    public async Task A_missing_volume_source_holds_the_pod_back_until_it_is_there()
    {
        await using var stub = await PodStub.StartAsync();
        var spec = Spec(Container("main", "server")) with
        {
            Volumes = [new Volume { Name = "split", ConfigMap = new() { Name = "split" } }],
        };
        stub.Run(spec, ("server", "exec sleep 1000"));
        await stub.Until(() => !stub.Events.IsEmpty, "an event");
        stub.Events.First().Should().Be(
            "Warning FailedMount: MountVolume.SetUp failed for volume \"split\" : configmap \"split\" not found");
        await stub.Until(() => stub.Container("main")?.State?.Waiting?.Reason == "ContainerCreating", "a waiting container");

        stub.ConfigMaps["split"] = [];

        await stub.Until(() => stub.Status.IsReady, "ready");
    }

    [Fact]
    public async Task Deletion_runs_the_hook_sends_SIGTERM_and_then_lets_the_object_go()
    {
        await using var stub = await PodStub.StartAsync();
        var order = stub.Folder.File("order");
        var container = Container("main", "server") with
        {
            Lifecycle = new Lifecycle { PreStop = new() { Exec = new() { Command = ["/bin/sh", "-c", $"echo hook >> {order}"] } } },
        };
        stub.Run(Spec(container), ("server", $"trap 'echo term >> {order}; exit 0' TERM; echo up; while :; do sleep 0.02; done"));
        await stub.Until(() => stub.Log("main") == "up" && stub.Status.IsReady, "up");

        await stub.DeleteAsync(grace: 30);

        (await File.ReadAllLinesAsync(order)).Should().Equal("hook", "term");
        stub.Status.IsReady.Should().BeFalse("it has ended; until then it serves, and says so");
        stub.Container("main")!.State!.Terminated!.ExitCode.Should().Be(0);
        Directory.Exists(Path.Combine(stub.Folder, "pods", stub.Pod!.Metadata.Uid!)).Should().BeFalse("nothing is left");
    }

    [Fact]
    public async Task A_process_that_ignores_SIGTERM_is_killed_when_the_grace_is_over()
    {
        await using var stub = await PodStub.StartAsync();
        stub.Run(Spec(Container("main", "server")), ("server", "trap '' TERM; echo up; while :; do sleep 0.02; done"));
        await stub.Until(() => stub.Log("main") == "up", "up");

        await stub.DeleteAsync(grace: 1);

        stub.Container("main")!.State!.Terminated!.ExitCode.Should().Be(137);
    }

    [Fact]
    public async Task Readiness_follows_its_probe_and_a_failing_liveness_probe_restarts()
    {
        await using var stub = await PodStub.StartAsync();
        var flag = stub.Folder.File("flag");
        var container = Container("main", "server") with
        {
            ReadinessProbe = new Probe { Exec = new() { Command = ["/bin/sh", "-c", $"test -e {flag}"] }, PeriodSeconds = 1, FailureThreshold = 1 },
            LivenessProbe = new Probe { Exec = new() { Command = ["/bin/sh", "-c", $"test ! -e {flag}.dead"] }, PeriodSeconds = 1, FailureThreshold = 1 },
        };
        stub.Run(Spec(container), ("server", "exec sleep 1000"));
        await stub.Until(() => stub.Container("main")?.Started == true, "started");
        stub.Status.IsReady.Should().BeFalse();

        await File.WriteAllTextAsync(flag, "");
        await stub.Until(() => stub.Status.IsReady, "ready");
        File.Delete(flag);
        await stub.Until(() => !stub.Status.IsReady, "not ready");
        await File.WriteAllTextAsync(flag + ".dead", "");
        await stub.Until(() => stub.Container("main")!.RestartCount == 1, "restarted");

        stub.Events.Should().Contain("Normal Killing: Container main failed liveness probe, will be restarted");
        stub.Events.Should().Contain(e => e.StartsWith("Warning Unhealthy: Readiness probe failed"));
    }

    [Fact]
    public async Task A_container_above_its_memory_limit_is_killed_for_it()
    {
        await using var stub = await PodStub.StartAsync();
        var container = Container("main", "hungry") with
        {
            Resources = new ResourceRequirements { Limits = new Dictionary<string, Quantity> { ["memory"] = "20Mi" } },
        };
        // tail keeps what it cannot yet know to be the last line.
        stub.Run(Spec(container) with { RestartPolicy = "Never" }, ("hungry", "head -c 100000000 /dev/zero | { sleep 0.2; tail -n 1; } | sleep 1000"));
        await stub.Until(() =>
        {
            stub.Usage.Measure();
            return stub.Status.Phase == "Failed";
        }, "killed");

        stub.Container("main")!.State!.Terminated!.Should().BeEquivalentTo(new { ExitCode = 137, Reason = "OOMKilled" });
    }

    [Fact]
    public async Task A_pod_that_outlasts_its_deadline_fails()
    {
        await using var stub = await PodStub.StartAsync();
        stub.Run(Spec(Container("main", "server")) with { ActiveDeadlineSeconds = 1, TerminationGracePeriodSeconds = 1 }, ("server", "exec sleep 1000"));

        await stub.Until(() => stub.Status is { Phase: "Failed", Reason: "DeadlineExceeded" }
            && stub.Container("main")?.State?.Terminated is not null, "the deadline");
    }

    [Fact]
    public async Task A_program_that_cannot_be_executed_is_a_start_error()
    {
        await using var stub = await PodStub.StartAsync();
        stub.Run(Spec(Container("main", "server") with { Command = ["/no/such/program"] }), ("server", ""));

        await stub.Until(() => stub.Container("main")?.LastState?.Terminated?.Reason == "StartError", "the start error");

        stub.Container("main")!.LastState!.Terminated!.Message.Should().Be("exec /no/such/program: No such file or directory");
    }
}
