using Sluice.Operator.Reconcile;
using Sluice.Operator.Tests.Support;
using Sluice.Rollouts;

namespace Sluice.Operator.Tests.Reconcile;

public sealed class StepsForTests
{
    [Fact]
    public void Steps_are_taken_over_word_by_word() =>
        Steps("rollout: {strategy: Canary, steps: [{shadow: {percent: 20, for: 10m, minRequests: 1000}}, {shadow: {}}, {weight: 5, for: 90s}, {weight: 50, approval: required}]}").Should().Equal(
            new Step(0, 20) { For = TimeSpan.FromMinutes(10), MinRequests = 1000 },
            new Step(0, 100),
            new Step(5) { For = TimeSpan.FromSeconds(90) },
            new Step(50) { Approval = true });

    [Theory]
    [InlineData("Canary")]
    [InlineData("BlueGreen")]
    [InlineData("Shadow")]
    [InlineData("ABTest")]
    public void A_strategy_without_steps_has_its_own(string strategy) =>
        Steps($"rollout: {{strategy: {strategy}}}").Should().NotBeEmpty();

    [Fact]
    public void Without_a_strategy_there_are_no_steps() => Steps("rollout: {soak: 5m}").Should().BeEmpty();

    [Fact]
    public void A_canary_by_hand_is_held_whatever_the_strategy() =>
        Steps("rollout: {strategy: BlueGreen}", "canaryTrafficPercent: 0").Should().Equal(new Step(0) { Held = true });

    static System.Collections.Immutable.ImmutableArray<Step> Steps(string rollout, string predictor = "minReplicas: 1") =>
        StepsFor.Spec(Manifests.Service($"{{predictor: {{model: {{storageUri: 'https://m/a.onnx'}}, {predictor}}}, {rollout}}}").Spec);
}
