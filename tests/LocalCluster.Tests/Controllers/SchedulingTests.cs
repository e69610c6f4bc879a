using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Cluster;
using Sluice.LocalCluster.Controllers.Workloads;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Tests.Controllers;

public sealed class SchedulingTests
{
    private static readonly Node Node = new()
    {
        Metadata = new ObjectMeta { Name = "local", Labels = new Dictionary<string, string> { ["disk"] = "fast" } },
        Status = new NodeStatus
        {
            Allocatable = new Dictionary<string, Quantity> { ["cpu"] = "2", ["memory"] = "1Gi", ["pods"] = "10" },
        },
    };

    private static Pod Pod(string cpu, Dictionary<string, string>? selector = null) => new()
    {
        Metadata = new ObjectMeta { Name = "p", Namespace = "n" },
        Spec = new PodSpec
        {
            NodeSelector = selector,
            Containers = [new Container { Name = "c", Resources = new() { Requests = new Dictionary<string, Quantity> { ["cpu"] = cpu } } }],
        },
    };

    [Fact]
    public void A_pod_that_fits_is_no_problem() =>
        Scheduling.Problem(Pod("500m", new() { ["disk"] = "fast" }), Node, [Pod("1500m")]).Should().BeNull();

    [Fact]
    public void What_is_missing_is_named() =>
        Scheduling.Problem(Pod("600m", new() { ["disk"] = "slow" }), Node, [Pod("1500m")])
            .Should().Be("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 Insufficient cpu.");

    [Fact]
    public void A_replica_set_gives_up_the_pods_that_serve_least()
    {
        static Pod Named(string name, string phase, bool ready, int restarts, string? node = "local") => new()
        {
            Metadata = new ObjectMeta { Name = name, CreationTimestamp = DateTimeOffset.UnixEpoch },
            Spec = new PodSpec { NodeName = node },
            Status = new PodStatus
            {
                Phase = phase,
                Conditions = [new PodCondition { Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = DateTimeOffset.UnixEpoch }],
                ContainerStatuses = [new ContainerStatus { Name = "c", RestartCount = restarts }],
            },
        };

        DeletionOrder.Sort([
                Named("good", "Running", true, 0), Named("restarted", "Running", true, 3), Named("unready", "Running", false, 0),
                Named("pending", "Pending", false, 0), Named("unscheduled", "Pending", false, 0, node: null)])
            .Select(p => p.Metadata.Name).Should().Equal("unscheduled", "pending", "unready", "restarted", "good");
    }

    [Theory]
    [InlineData(3, 3, 1)]
    [InlineData(2, 3, 0)]
    public void A_budget_lets_go_what_is_above_its_minimum(int healthy, int pods, int allowed)
    {
        var budget = new PodDisruptionBudget { Metadata = new ObjectMeta { Name = "b" }, Spec = new() { MinAvailable = 2 } };
        var covered = Enumerable.Range(0, pods).Select(i => new Pod
        {
            Metadata = new ObjectMeta { Name = $"p{i}" },
            Status = new PodStatus { Conditions = [new PodCondition { Type = "Ready", Status = i < healthy ? "True" : "False" }] },
        }).ToList();

        DisruptionStatusFor.Build(budget, covered, pods, DateTimeOffset.UnixEpoch).DisruptionsAllowed.Should().Be(allowed);
    }
}
