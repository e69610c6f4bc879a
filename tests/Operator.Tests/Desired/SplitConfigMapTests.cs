using System.Text.Json;
using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Desired;
using Sluice.Operator.Tests.Support;
using Sluice.Rollouts;

namespace Sluice.Operator.Tests.Desired;

public sealed class SplitConfigMapTests
{
    [Fact]
    public void A_split_is_a_document_that_pods_can_apply()
    {
        var split = TrafficSplit.Of(new Share("iris-a", 95), new Share("iris-b", 5)).Copying("iris-b", 10);

        var first = Render(split, null);
        var document = Read(first);

        SplitCheck.Problem(document).Should().BeNull();
        document.Shares.Select(static s => (s.Revision, s.Percent)).Should().Equal(("iris-a", 95), ("iris-b", 5));
        document.Shadow.Should().BeEquivalentTo(new { Revision = "iris-b", Percent = 10 });
    }

    [Fact]
    public void The_generation_counts_changes_of_shares_and_copies_alone()
    {
        var split = TrafficSplit.Of(new Share("iris-a", 95), new Share("iris-b", 5));
        var first = Render(split, null);

        Read(Render(split, first)).Generation.Should().Be(1);
        Read(Render(split.Copying("iris-b", 10), first)).Generation.Should().Be(2);
        Read(Render(TrafficSplit.AllTo("iris-a"), first)).Generation.Should().Be(2);
    }

    [Fact]
    public void A_revision_is_reached_at_the_address_of_its_Service_and_keeps_it_while_that_is_gone()
    {
        var split = TrafficSplit.Of(new Share("iris-a", 95), new Share("iris-b", 5)).Copying("iris-b", 10);

        var known = Render(split, null, Service("iris-a", "10.0.0.1"), Service("iris-b", "10.0.0.2"));
        var gone = Render(split, known);

        foreach (var document in new[] { Read(known), Read(gone) })
        {
            document.Shares.Select(static s => (s.Http, s.Grpc)).Should().Equal((null, null), ("10.0.0.2:8080", "10.0.0.2:9000"));
            (document.Shadow!.Http, document.Shadow.Grpc).Should().Be(("10.0.0.2:8080", "10.0.0.2:9000"));
        }

        Read(gone).Generation.Should().Be(1);
        Read(Render(split, known, Service("iris-b", "fd00::2"))).Should().Match<SplitDocument>(static d => d.Generation == 2 && d.Shares[1].Http == "[fd00::2]:8080");
        SplitCheck.Problem(Read(Render(split, known, Service("iris-b", "fd00::2")))).Should().BeNull();
    }

    [Fact]
    public void A_share_without_an_address_has_a_name_and_nobody_s_share_has_none()
    {
        Read(Render(TrafficSplit.Of(new Share("iris-a", 95), new Share("iris-b", 5)), null, Service("iris-b", "None"))).Shares[1].Http
            .Should().Be("iris-b.shop.svc.cluster.local:8080");
        Read(Render(TrafficSplit.Of(new Share("iris-a", 100), new Share("iris-b", 0)), null)).Shares[1].Http.Should().BeNull();
    }

    [Fact]
    public void Users_stay_where_they_are_while_one_candidate_grows_and_are_dealt_anew_for_the_next()
    {
        const string spec = "{predictor: {model: {storageUri: 'https://m/a.onnx'}}, rollout: {strategy: ABTest, assignment: {header: X-User}}}";
        SplitAssignment? At(string candidate, int percent) => Read(new SplitConfigMapFor(
            Manifests.Service(spec), TrafficSplit.Of(new Share("iris-a", 100 - percent), new Share(candidate, percent)), []).Render(null)).Assignment;

        At("iris-b", 5).Should().Be(At("iris-b", 50)).And.Be(new SplitAssignment { Header = "x-user", Salt = "iris-b" });
        At("iris-c", 5)!.Salt.Should().NotBe("iris-b");
        Read(new SplitConfigMapFor(Manifests.Service(spec), TrafficSplit.AllTo("iris-a"), []).Render(null)).Assignment.Should().BeNull();
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(5, null)]
    [InlineData(60, 30_000)]
    public void Who_allows_long_requests_allows_the_candidate_half_of_it(int? seconds, int? milliseconds)
    {
        var spec = $"{{predictor: {{model: {{storageUri: 'https://m/a.onnx'}}{(seconds is null ? "" : $", timeoutSeconds: {seconds}")}}}}}";

        Read(new SplitConfigMapFor(Manifests.Service(spec), TrafficSplit.Of(new Share("iris-a", 95), new Share("iris-b", 5)), []).Render(null))
            .Shares[1].TimeoutMilliseconds.Should().Be(milliseconds);
    }

    static Service Service(string name, string address) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "shop" },
        Spec = new ServiceSpec { ClusterIP = address },
    };

    static ConfigMap Render(TrafficSplit split, ConfigMap? present, params Service[] services) =>
        new SplitConfigMapFor(Manifests.Service("{predictor: {model: {storageUri: 'https://m/a.onnx'}}}"), split, services).Render(present);

    static SplitDocument Read(ConfigMap map) => JsonSerializer.Deserialize(map.Data![SplitDocument.FileName], ContractJson.Default.SplitDocument)!;
}
