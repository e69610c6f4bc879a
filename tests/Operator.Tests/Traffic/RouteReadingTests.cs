using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Tests.Support;
using Sluice.Operator.Traffic;
using Sluice.Rollouts;

namespace Sluice.Operator.Tests.Traffic;

public sealed class RouteReadingTests
{
    [Fact]
    public void A_route_that_its_Gateway_accepts_as_it_is_now_has_its_shares()
    {
        var reading = Read(Routes.Live(Routes.Split(5)).Accepted());
        (reading.Applied, reading.Problem, reading.Waiting).Should().Be((Routes.Split(5), null, null));
        reading.With(Pods(Routes.Split(0, copies: 10))).Should().Be(Routes.Split(5, copies: 10));
        reading.With(Pods(null)).Should().BeNull("copies are the pods' affair");
        reading.With(SplitReading.None).Should().Be(Routes.Split(5), "without steps nobody asks the pods");
    }

    [Fact]
    public void A3_an_acceptance_of_an_older_generation_is_none()
    {
        var reading = Read(Routes.Live(Routes.Split(50)).Accepted(generation: 2));
        (reading.Applied, reading.Problem).Should().Be((null, null));
        reading.Waiting.Should().Contain("generation 3");
    }

    [Theory]
    [InlineData("Accepted", "False", "UnsupportedValue", "no such filter")]
    [InlineData("PartiallyInvalid", "True", "UnsupportedValue", "Dropped Rule 1")]
    public void A_route_that_is_refused_wholly_or_in_part_is_a_problem_that_names_its_cause(string type, string status, string reason, string message)
    {
        var reading = Read(Routes.Live(Routes.Split(5)).Accepted(
            more: $$""", {type: {{type}}, status: "{{status}}", observedGeneration: 3, reason: {{reason}}, message: "{{message}}"}"""));
        reading.Applied.Should().BeNull();
        reading.MayWrite.Should().BeTrue("the way back is a write");
        reading.Problem!.Reason.Should().Be(Reasons.RouteNotAccepted);
        reading.Problem.Message.Should().ContainAll("HTTPRoute 'iris'", "gateways/public", type, reason, message);
    }

    [Fact]
    public void A4_a_backend_that_is_not_resolved_is_no_split_and_no_shadow()
    {
        var reading = Read(Routes.Live(Routes.Split(0)).Accepted(resolved: "False"));
        reading.With(Pods(Routes.Split(0, copies: 100))).Should().BeNull("a step whose split is not seen is not left");
        reading.Problem!.Message.Should().ContainAll("ResolvedRefs", "Service iris-new not found");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""[{parentRef: {name: other, namespace: gateways}, conditions: [{type: Accepted, status: "True", observedGeneration: 3}, {type: ResolvedRefs, status: "True", observedGeneration: 3}]}]""")]
    [InlineData("""[{parentRef: {name: public, namespace: gateways, sectionName: http}, conditions: [{type: Accepted, status: "True", observedGeneration: 3}, {type: ResolvedRefs, status: "True", observedGeneration: 3}]}]""")]
    public void Only_the_word_of_our_parent_counts(string parents)
    {
        var reading = Read(Routes.Live(Routes.Split(5)).Saying(parents));
        (reading.Applied, reading.Problem).Should().Be((null, null));
        reading.Waiting.Should().Contain("gateways/public");
    }

    [Theory]
    [InlineData("""[{type: Accepted, status: "True", observedGeneration: 3}]""")]
    [InlineData("""[{type: Accepted, status: "True"}, {type: ResolvedRefs, status: "True"}]""")]
    [InlineData("""[{type: Accepted, status: "False", reason: Pending, observedGeneration: 3}, {type: ResolvedRefs, status: "True", observedGeneration: 3}]""")]
    [InlineData("""[{type: Accepted, status: "True", observedGeneration: 3}, {type: ResolvedRefs, status: "True", observedGeneration: 3}, {type: PartiallyInvalid, status: "True", observedGeneration: 2}]""")]
    public void Half_an_answer_is_waited_on(string conditions)
    {
        var reading = Read(Routes.Live(Routes.Split(5)).Saying($"[{{parentRef: {{name: public, namespace: gateways}}, conditions: {conditions}}}]"));
        (reading.Applied, reading.Problem).Should().Be((null, null));
        reading.Waiting.Should().NotBeNull();
    }

    [Fact]
    public void Until_the_Gateway_has_accepted_the_route_without_it_users_may_be_with_the_old_revision()
    {
        var front = new FrontObservation("iris-new", ["iris-new"]);
        var status = new InferenceServiceStatus { Stable = new RevisionStatus { Revision = "iris-old" }, Candidate = new RevisionStatus { Revision = "iris-new" } };
        Read(Routes.Live(Routes.Split(50)).Accepted()).Behind(front, status).Serving.Should().BeEquivalentTo("iris-old", "iris-new");
        Read(Routes.Live(Routes.Split(100)).Accepted(generation: 2)).Behind(front, status).Serving.Should().BeEquivalentTo("iris-old", "iris-new");
        Read(Routes.Live(Routes.Split(100)).Accepted()).Behind(front, status).Should().Be(front);

        // Before the front has moved, a share through the Gateway is not the candidate's promotion.
        var before = new FrontObservation("iris-old", ["iris-old"]);
        Read(Routes.Live(Routes.Split(50)).Accepted()).Behind(before, status).Should().BeEquivalentTo(before);
        var back = status with { Rollout = new RolloutStatus { Stage = nameof(Stage.RollingBack) } };
        Read(Routes.Live(Routes.Split(100)).Accepted()).Behind(before, back).Serving.Should().Contain("iris-new");
    }

    [Fact]
    public void A13_of_two_services_that_want_one_host_the_first_has_it_and_the_second_is_told_whose_it_is()
    {
        var first = Routes.Live(Routes.Split(0)).Accepted();
        var rival = Manifests.Service(
            "{predictor: {model: {version: iris-2}}, rollout: {router: GatewayAPI, gatewayRef: {name: public, namespace: gateways, hostnames: [b.example.com, IRIS.example.com]}}}",
            "rival");
        var second = RouteReading.Of(rival, rival.Spec.Rollout!.GatewayRef!, [first]);
        (second.MayWrite, second.Problem!.Reason, second.Problem.Final).Should().Be((false, Reasons.HostTaken, true));
        second.Problem.Message.Should().ContainAll("HTTPRoute 'iris'", "namespace 'shop'", "host 'iris.example.com'", "gateways/public");

        // Both have written before they saw each other: the older one keeps the host.
        var late = Routes.Live(Routes.Split(0), service: rival);
        late = late with { Metadata = late.Metadata with { CreationTimestamp = Routes.At(11) } };
        RouteReading.Of(rival, rival.Spec.Rollout.GatewayRef!, [late, first]).Problem!.Reason.Should().Be(Reasons.HostTaken);
        Read(first, late).Problem.Should().BeNull();
    }

    [Theory]
    [InlineData("{parentRefs: [{name: public, namespace: gateways}], hostnames: [iris.example.com]}", true)]
    [InlineData("{parentRefs: [{name: x}, {name: public, namespace: gateways, sectionName: https}], hostnames: [Iris.Example.com]}", true)]
    [InlineData("{parentRefs: [{name: public, namespace: gateways}], hostnames: [other.example.com]}", false)]
    [InlineData("{parentRefs: [{name: public, namespace: gateways}], hostnames: ['*.example.com']}", false)]
    [InlineData("{parentRefs: [{name: public, namespace: gateways}]}", false)]
    [InlineData("{parentRefs: [{name: public}], hostnames: [iris.example.com]}", false)]
    [InlineData("{parentRefs: [{name: public, namespace: gateways, kind: Service, group: ''}], hostnames: [iris.example.com]}", false)]
    public void A_persons_route_with_the_same_host_at_the_same_Gateway_has_it(string spec, bool taken)
    {
        var theirs = Manifests.Routes(
            $$"""
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: theirs, namespace: web, creationTimestamp: "2026-01-01T12:00:00Z"}
            spec: {{spec}}
            """).Single();
        (Read(theirs).Problem?.Reason == Reasons.HostTaken).Should().Be(taken);
    }

    [Fact]
    public void A_route_of_our_name_that_is_anothers_is_neither_believed_nor_taken_for_ours()
    {
        var theirs = Routes.Live(Routes.Split(5)).Accepted();
        theirs = theirs with { Metadata = theirs.Metadata with { OwnerReferences = null } };
        var reading = Read(theirs);
        (reading.Live, reading.Applied).Should().Be((null, null));
    }

    [Fact]
    public void A14_what_a_Gateway_cannot_do_is_a_problem_that_names_the_field()
    {
        var wished = new RolloutSpec { Strategy = RolloutStrategy.ABTest, Router = SplitRouter.GatewayAPI, GatewayRef = Routes.Public, Assignment = new AssignmentSpec { Header = "x-user" } };
        RouterCheck.Problem(wished)!.Message.Should().Contain("spec.rollout.assignment");
        RouterCheck.Problem(wished with { GatewayRef = null })!.Message.Should().Contain("spec.rollout.gatewayRef");
        RouterCheck.Problem(wished with { Assignment = null }).Should().BeNull();
        RouterCheck.Problem(wished with { Router = SplitRouter.Pods }).Should().BeNull();
    }

    static SplitReading Pods(TrafficSplit? applied) => new(applied, [], null);

    static RouteReading Read(params HttpRoute[] routes) => RouteReading.Of(Routes.Iris, Routes.Public, routes);
}
