using System.Text.Json;
using Sluice.Operator.Api;
using Sluice.Operator.Status;
using Sluice.Kubernetes.Json;
using Sluice.Support.Programs;

namespace Sluice.Operator.Tests.Api;

/// <summary>The samples that people begin with.</summary>
public sealed class SampleTests
{
    [Fact]
    public void Every_sample_is_honoured_whole()
    {
        foreach (var (file, service) in Services())
            UnhonouredFields.Of(service.Spec).Should().BeEmpty($"nobody should begin with what has no effect, and {file} is a beginning");
    }

    [Fact]
    public void There_is_a_sample_for_every_strategy_and_every_router()
    {
        var rollouts = Services().Select(static s => s.Service.Spec.Rollout).ToArray();

        rollouts.Select(static r => r?.Strategy).Should().Contain(Enum.GetValues<RolloutStrategy>().Cast<RolloutStrategy?>());
        rollouts.Select(static r => r?.Router ?? SplitRouter.Pods).Should().Contain(Enum.GetValues<SplitRouter>());
        Services().Should().Contain(static s => s.Service.Spec.Predictor.CanaryTrafficPercent != null);
    }

    static IEnumerable<(string File, InferenceService Service)> Services() =>
        from file in Directory.EnumerateFiles(Checkout.Path("config", "samples"), "*.yaml")
        from node in Yaml.Read(File.ReadAllText(file))
        where (string?)node["kind"] == "InferenceService"
        select (Path.GetFileName(file), node.Deserialize(ApiJson.Default.InferenceService)!);
}
