using Sluice.Kubernetes.Model;
using Sluice.Operator.Status;
using Sluice.Operator.Tests.Support;
using Sluice.Rollouts;

namespace Sluice.Operator.Tests.Status;

public sealed class PodFailuresTests
{
    [Theory]
    [InlineData(
        """initContainerStatuses: [{name: model, ready: false, state: {terminated: {exitCode: 1, message: '{"reason":"NotFound","message":"no such file"}'}}}]""",
        "NotFound", "no such file", false)]
    [InlineData(
        """initContainerStatuses: [{name: model, ready: false, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, message: '{"reason":"CorruptModel","message":"cut"}'}}}]""",
        "CorruptModel", "cut", true)]
    [InlineData(
        """containerStatuses: [{name: runtime, ready: false, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 1, message: '{"reason":"UnsupportedOperator","message":"Foo"}'}}}]""",
        "UnsupportedOperator", "Foo", true)]
    [InlineData(
        "containerStatuses: [{name: runtime, ready: false, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]",
        "OOMKilled", "container runtime needed more memory than its limit; raise predictor.model.resources.limits.memory", false)]
    [InlineData(
        "containerStatuses: [{name: runtime, ready: false, state: {terminated: {exitCode: 139, reason: Error, message: 'Segmentation fault'}}}]",
        "ContainerFailed", "container runtime ended with exit code 139 (SIGSEGV): Segmentation fault", false)]
    [InlineData(
        "containerStatuses: [{name: runtime, ready: false, restartCount: 1, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 136, reason: Error}}}]",
        "ContainerFailed", "container runtime ended with exit code 136 (SIGFPE), for the 2. time", true)]
    [InlineData(
        "containerStatuses: [{name: runtime, ready: false, restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 1, reason: Error}}}]",
        "ContainerFailed", "container runtime ended with exit code 1", false)]
    [InlineData(
        "containerStatuses: [{name: runtime, ready: false, restartCount: 2, state: {running: {}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]",
        "OOMKilled", "container runtime needed more memory than its limit; raise predictor.model.resources.limits.memory", true)]
    [InlineData(
        """initContainerStatuses: [{name: model, ready: false, restartCount: 7, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, message: '{"reason":"Unreachable","message":"no answer"}'}}}]""",
        "Unreachable", "no answer", false)]
    [InlineData(
        "initContainerStatuses: [{name: model, ready: false, state: {waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image x'}}}]",
        "ImagePullBackOff", "Back-off pulling image x", false)]
    [InlineData(
        "initContainerStatuses: [{name: model, ready: false, state: {waiting: {reason: CreateContainerConfigError, message: 'secret s not found'}}}]",
        "CreateContainerConfigError", "secret s not found", false)]
    [InlineData(
        "phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/3 nodes are available'}]",
        "Unschedulable", "0/3 nodes are available", false)]
    [InlineData("phase: Failed, reason: Evicted, message: The node was low on memory", "Evicted", "The node was low on memory", false)]
    public void The_cause_is_named(string status, string reason, string message, bool final) =>
        PodFailures.Of([Pod(status)], null).Should().Be(new Failure(reason, message, final));

    [Theory]
    [InlineData("phase: Pending, initContainerStatuses: [{name: model, ready: false, state: {waiting: {reason: PodInitializing}}}]")]
    [InlineData("phase: Pending, initContainerStatuses: [{name: model, ready: true, state: {terminated: {exitCode: 0}}}], containerStatuses: [{name: runtime, ready: false, state: {running: {}}}]")]
    [InlineData("phase: Running, conditions: [{type: Ready, status: 'True'}], containerStatuses: [{name: runtime, ready: true, lastState: {terminated: {exitCode: 1}}}]")]
    public void A_pod_on_its_way_has_no_cause(string status) => PodFailures.Of([Pod(status)], null).Should().BeNull();

    [Fact]
    public void A_pod_that_is_being_deleted_does_not_count() =>
        PodFailures.Of([Pod("phase: Failed", deleted: true)], null).Should().BeNull();

    [Fact]
    public void What_nobody_can_wait_out_comes_first() => PodFailures.Of(
    [
        Pod("phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: x}]", "a"),
        Pod("""initContainerStatuses: [{name: model, ready: false, state: {terminated: {exitCode: 1, message: '{"reason":"DigestMismatch","message":"y"}'}}}]""", "b"),
    ], null)!.Reason.Should().Be("DigestMismatch");

    [Fact]
    public void Pods_that_may_not_be_created_are_a_cause()
    {
        var deployment = new Deployment
        {
            Metadata = new ObjectMeta { Name = "d" },
            Status = new DeploymentStatus
            {
                Conditions = [new DeploymentCondition { Type = "ReplicaFailure", Status = "True", Reason = "FailedCreate", Message = "exceeded quota: pods" }],
            },
        };

        PodFailures.Of([], deployment).Should().Be(new Failure("FailedCreate", "exceeded quota: pods", Final: false));
    }

    [Fact]
    public void A_long_message_is_cut() =>
        PodFailures.Of([Pod($"phase: Failed, reason: X, message: {new string('m', 5000)}")], null)!.Message.Length.Should().BeLessThan(1000);

    static Pod Pod(string status, string name = "p", bool deleted = false) => Manifests.View(
        "{apiVersion: sluice.dev/v1alpha1, kind: InferenceService, metadata: {name: x}, spec: {predictor: {model: {}}}}",
        $"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}{(deleted ? ", deletionTimestamp: '2026-01-01T00:00:00Z'" : "")}}}, status: {{{status}}}}}").Pods[0];
}
