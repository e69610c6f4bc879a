using Sluice.Kubernetes.Model;
using Sluice.Operator.Desired;
using Sluice.Operator.Tests.Support;

namespace Sluice.Operator.Tests.Desired;

/// <summary>Who gets in.</summary>
public sealed class NetworkPolicyTests
{
    [Theory]
    [InlineData("{}", 2)]
    [InlineData("{clients: [], metrics: []}", 1)]
    [InlineData("{clients: [{ipBlock: {cidr: 10.0.0.0/8}}]}", 2)]
    public void No_rule_is_without_peers_because_that_would_let_everybody_in(string network, int clients)
    {
        var rules = Made(network).Spec!.Ingress!;

        rules.Should().HaveCount(2);
        rules.Should().OnlyContain(static r => r.From!.Count > 0 && r.Ports!.Count > 0);
        rules[0].From.Should().HaveCount(clients);
    }

    [Fact]
    public void By_default_the_namespace_asks_and_the_operator_watches()
    {
        var rules = Made("{}").Spec!.Ingress!;

        rules[0].From![0].Should().BeEquivalentTo(new NetworkPolicyPeer { PodSelector = new LabelSelector() });
        rules[1].From.Should().ContainSingle().Which.NamespaceSelector!.MatchLabels.Should().Contain("kubernetes.io/metadata.name", "operators");
    }

    [Fact]
    public void Pods_of_every_revision_reach_each_other()
    {
        var policy = Made("{clients: []}");

        policy.Spec!.PodSelector.MatchLabels.Should().Equal(new Dictionary<string, string> { ["sluice.dev/inferenceservice"] = "iris" });
        policy.Spec.Ingress![0].From!.Should().ContainSingle().Which.PodSelector.Should().BeEquivalentTo(policy.Spec.PodSelector);
        policy.Spec.PolicyTypes.Should().Equal(["Ingress"], "what pods reach stays open");
    }

    static NetworkPolicy Made(string network)
    {
        var service = Manifests.Service($"{{predictor: {{model: {{storageUri: \"https://models.example/m.onnx\"}}, networkPolicy: {network}}}}}");
        return NetworkPolicyFor.Render(service, service.Spec.Predictor.NetworkPolicy!, "operators");
    }
}
