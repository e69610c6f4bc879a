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

    static ConfigMap Render(TrafficSplit split, ConfigMap? present) =>
        new SplitConfigMapFor(Manifests.Service("{predictor: {model: {storageUri: 'https://m/a.onnx'}}}"), split, []).Render(present);

    static SplitDocument Read(ConfigMap map) => JsonSerializer.Deserialize(map.Data![SplitDocument.FileName], ContractJson.Default.SplitDocument)!;
}
