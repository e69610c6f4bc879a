using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Desired;
using Sluice.Operator.Reconcile;
using Sluice.Operator.Traffic;
using Sluice.Rollouts;

namespace Sluice.Operator.Tests.Traffic;

public sealed class HttpRouteTests
{
    [Fact]
    public void Weights_sum_to_a_million_at_every_share_and_are_read_back_as_they_were_meant()
    {
        for (var percent = 0; percent <= 100; percent++)
        {
            var split = Routes.Split(percent);
            var route = Routes.Live(split);
            route.Spec!.Rules!.Should().OnlyContain(static r => r.BackendRefs!.Sum(static b => b.Weight) == HttpRouteFor.WholeWeight);
            RouteReading.Shares(route).Should().Be(split);
        }
    }

    [Fact]
    public void REST_and_gRPC_have_the_same_shares_and_who_asks_for_a_revision_gets_it()
    {
        var rules = Routes.Live(Routes.Split(5)).Spec!.Rules!;
        var plain = rules.Where(static r => r.Matches![0].Headers is null).ToArray();
        plain.Select(static r => (r.Matches![0].Path!.Value, r.BackendRefs![0].Port)).Should().Equal(
            ("/inference.GRPCInferenceService", Ports.ServiceGrpc), ("/", Ports.ServiceHttp));
        plain.Should().OnlyContain(static r => r.BackendRefs!.Select(static b => b.Weight).SequenceEqual(new int?[] { 950_000, 50_000 }));
        foreach (var revision in (string[])["iris-old", "iris-new"])
        {
            rules.Where(r => r.Matches![0].Headers?.Single() is { Name: Headers.Revision, Type: "Exact" } h && h.Value == revision)
                .Should().HaveCount(2).And.OnlyContain(r => r.BackendRefs!.Single().Name == revision);
        }
    }

    [Fact]
    public void Backends_are_Services_of_revisions_so_that_no_share_of_the_old_one_rises_when_the_front_moves()
    {
        var moving = TrafficSplit.Of(new Share("iris-old", 0), new Share("iris-new", 100));
        var route = HttpRouteFor.Render(Routes.Iris, Routes.Public, moving, front: "iris-new");
        route.Spec!.Rules!.SelectMany(static r => r.BackendRefs!).Should().OnlyContain(static b => b.Name == "iris-new");
        var immediate = TrafficSplit.Of(new Share("iris-old", 100), new Share("iris-new", 0));
        RouteReading.Shares(HttpRouteFor.Render(Routes.Iris, Routes.Public, immediate, front: "iris-new"))
            .Should().Be(TrafficSplit.AllTo("iris-new"));
    }

    [Fact]
    public void Pods_behind_a_Gateway_divide_nothing_and_go_on_copying()
    {
        HttpRouteFor.ForPods(Routes.Split(5, copies: 20)).Should().Be(Routes.Split(0, copies: 20));
        HttpRouteFor.ForPods(Routes.Split(0)).Should().Be(Routes.Split(0));
        HttpRouteFor.ForPods(Routes.Split(100)).Should().Be(Routes.Split(100), "pods that nobody is sent to any more pass on what still comes");
        HttpRouteFor.ForPods(TrafficSplit.AllTo("iris-old")).Should().Be(TrafficSplit.AllTo("iris-old"));
    }

    [Fact]
    public void An_edit_of_any_list_of_the_route_is_noticed()
    {
        var wanted = Routes.Live(Routes.Split(5));
        var memory = new WriteMemory();
        memory.IsAsWanted(wanted, wanted).Should().BeTrue();
        var rules = wanted.Spec!.Rules!;
        HttpRouteSpec[] edits =
        [
            wanted.Spec with { Rules = [.. rules, rules[0]] },
            wanted.Spec with { Rules = [.. rules.Skip(1)] },
            wanted.Spec with { Rules = [.. rules.Reverse()] },
            wanted.Spec with { Rules = [.. rules.Select(static r => r with { BackendRefs = [.. r.BackendRefs!, new RouteBackend { Name = "spy", Port = 80 }] })] },
            wanted.Spec with { Rules = [.. rules.Select(static r => r with { BackendRefs = [.. r.BackendRefs!.Select(static b => b with { Weight = 1 })] })] },
            wanted.Spec with { Hostnames = ["iris.example.com", "other.example.com"] },
            wanted.Spec with { ParentRefs = [] },
        ];
        foreach (var edit in edits)
            memory.IsAsWanted(wanted, wanted with { Spec = edit }).Should().BeFalse();
    }
}
