using System.Net;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Services;
using Sluice.LocalCluster.Network;

namespace Sluice.LocalCluster.Tests.Controllers;

public sealed class EndpointSliceTests
{
    private static readonly Service Service = new()
    {
        Metadata = new ObjectMeta { Name = "web", Namespace = "n", Uid = "s" },
        Spec = new ServiceSpec
        {
            ClusterIP = "127.96.0.1",
            Selector = new Dictionary<string, string> { ["app"] = "web" },
            Ports = [new ServicePort { Name = "http", Port = 80, TargetPort = "http" }],
        },
    };

    private static Pod Pod(string name, bool ready = true, bool deleting = false, int port = 8080, string phase = "Running", string app = "web") => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name, Namespace = "n", Uid = name, Labels = new Dictionary<string, string> { ["app"] = app },
            DeletionTimestamp = deleting ? DateTimeOffset.UnixEpoch : null,
        },
        Spec = new PodSpec
        {
            NodeName = "local",
            Containers = [new Container { Name = "c", Ports = [new ContainerPort { Name = "http", Number = port }] }],
        },
        Status = new PodStatus
        {
            Phase = phase,
            PodIP = "127.80.0." + name,
            Conditions = [new PodCondition { Type = "Ready", Status = ready ? "True" : "False" }],
        },
    };

    [Fact]
    public void Conditions_tell_ready_serving_and_terminating()
    {
        var slice = EndpointSlices.Build(Service, [Pod("1"), Pod("2", ready: false), Pod("3", deleting: true)]).Should().ContainSingle().Subject;

        slice.Endpoints!.Select(e => (e.Addresses![0], e.Conditions!.Ready, e.Conditions.Serving, e.Conditions.Terminating)).Should().Equal(
            ("127.80.0.1", true, true, false), ("127.80.0.2", false, false, false), ("127.80.0.3", false, true, true));
        slice.Ports.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "http", Port = 8080, Protocol = "TCP" });
    }

    [Fact]
    public void Pods_that_have_ended_or_are_of_others_have_no_place() =>
        EndpointSlices.Build(Service, [Pod("1", phase: "Succeeded"), Pod("2", app: "other")]).Should().ContainSingle()
            .Which.Endpoints.Should().BeEmpty();

    [Fact]
    public void Pods_with_other_numbers_behind_a_port_name_get_a_slice_of_their_own() =>
        EndpointSlices.Build(Service, [Pod("1"), Pod("2", port: 9090), Pod("3")])
            .Select(s => (s.Ports![0].Port, s.Endpoints!.Count)).Should().Equal((8080, 2), (9090, 1));

    [Fact]
    public void A_slice_holds_a_hundred_and_names_stay()
    {
        var pods = Enumerable.Range(0, 250).Select(i => Pod(i.ToString())).ToList();

        var slices = EndpointSlices.Build(Service, pods);

        slices.Select(s => s.Endpoints!.Count).Should().Equal(100, 100, 50);
        slices.Select(s => s.Metadata.Name).Should().OnlyHaveUniqueItems()
            .And.Equal(EndpointSlices.Build(Service, pods).Select(s => s.Metadata.Name));
    }

    [Fact]
    public void Connections_go_to_ready_endpoints_and_without_any_to_those_that_still_serve()
    {
        IReadOnlyList<IPEndPoint> Of(params Pod[] pods) =>
            ServiceTable.Build([Service], EndpointSlices.Build(Service, pods)).Single().Value;

        Of(Pod("1"), Pod("2", ready: false), Pod("3", deleting: true)).Should().Equal(IPEndPoint.Parse("127.80.0.1:8080"));
        Of(Pod("2", ready: false), Pod("3", deleting: true)).Should().Equal(IPEndPoint.Parse("127.80.0.3:8080"));
        Of(Pod("2", ready: false)).Should().BeEmpty();
    }

    [Fact]
    public void A_headless_service_is_not_listened_for() =>
        ServiceTable.Build([Service with { Spec = Service.Spec! with { ClusterIP = "None" } }], []).Should().BeEmpty();
}
