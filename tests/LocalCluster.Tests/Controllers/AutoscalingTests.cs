using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Autoscaling;

namespace Sluice.LocalCluster.Tests.Controllers;

public sealed class AutoscalingTests
{
    private static readonly DateTimeOffset T0 = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static List<PodSample> Pods(params decimal?[] usage) => [.. usage.Select(u => new PodSample(true, u, 1))];

    [Theory]
    [InlineData(new[] { 0.5, 0.5 }, 50, 2)]
    [InlineData(new[] { 0.54, 0.54 }, 50, 2)]
    [InlineData(new[] { 1.0, 1.0 }, 50, 4)]
    [InlineData(new[] { 0.1, 0.1, 0.1, 0.1 }, 50, 1)]
    [InlineData(new[] { 0.7, 0.7, 0.7 }, 50, 5)]
    public void Replicas_follow_the_ratio_of_usage_to_target_outside_of_the_tolerance(double[] usage, int target, int expected) =>
        Utilization.OfPercent(usage.Length, [.. usage.Select(u => new PodSample(true, (decimal)u, 1))], target)!.Replicas.Should().Be(expected);

    [Fact]
    public void A_pod_that_is_not_ready_counts_as_idle_on_the_way_up() =>
        Utilization.OfPercent(2, [new PodSample(true, 1, 1), new PodSample(false, null, 1)], 50)!.Replicas.Should().Be(2);

    [Fact]
    public void A_pod_that_is_not_measured_counts_as_busy_on_the_way_down() =>
        Utilization.OfPercent(4, Pods(0.1m, 0.1m, null, null), 50)!.Replicas.Should().Be(4);

    [Fact]
    public void Nothing_measured_proposes_nothing() => Utilization.OfPercent(2, Pods(null, null), 50).Should().BeNull();

    [Fact]
    public void An_average_value_needs_no_requests() =>
        Utilization.OfAverage(2, [new PodSample(true, 300, 0), new PodSample(true, 300, 0)], 100)!.Replicas.Should().Be(6);

    private static HorizontalPodAutoscalerSpec Spec(int min, int max, HorizontalPodAutoscalerBehavior? behavior = null) =>
        new() { MinReplicas = min, MaxReplicas = max, Behavior = behavior };

    [Fact]
    public void Going_down_waits_for_the_highest_of_the_last_five_minutes()
    {
        var memory = new ScalingMemory();
        memory.Narrow(Spec(1, 10), 5, 5, T0);

        memory.Narrow(Spec(1, 10), 5, 2, T0.AddMinutes(4)).Should().BeEquivalentTo(new { Replicas = 5, AbleReason = "ScaleDownStabilized" });
        memory.Narrow(Spec(1, 10), 5, 2, T0.AddMinutes(6)).Replicas.Should().Be(2);
    }

    [Fact]
    public void Going_up_is_at_once_but_at_most_doubles_or_adds_four_in_fifteen_seconds()
    {
        var memory = new ScalingMemory();

        memory.Narrow(Spec(1, 100), 1, 50, T0).Should().BeEquivalentTo(new { Replicas = 5, LimitedReason = "ScaleUpLimit", IsLimited = true });
        memory.Scaled(4, T0);
        memory.Narrow(Spec(1, 100), 5, 50, T0.AddSeconds(5)).Replicas.Should().Be(5, "the period is not over");
        memory.Narrow(Spec(1, 100), 5, 50, T0.AddSeconds(20)).Replicas.Should().Be(10);
    }

    [Theory]
    [InlineData(1, 3, 2, 9, 3, "TooManyReplicas")]
    [InlineData(2, 9, 3, 1, 2, "TooFewReplicas")]
    [InlineData(1, 9, 2, 3, 3, "DesiredWithinRange")]
    public void The_bounds_hold_and_are_told(int min, int max, int current, int proposed, int expected, string reason)
    {
        var now = new HorizontalPodAutoscalerBehavior { ScaleDown = new ScalingRules { StabilizationWindowSeconds = 0 } };

        new ScalingMemory().Narrow(Spec(min, max, now), current, proposed, T0)
            .Should().BeEquivalentTo(new { Replicas = expected, LimitedReason = reason });
    }

    [Fact]
    public void A_disabled_direction_does_not_move()
    {
        var behavior = new HorizontalPodAutoscalerBehavior
        {
            ScaleDown = new ScalingRules { StabilizationWindowSeconds = 0, SelectPolicy = "Disabled" },
        };

        new ScalingMemory().Narrow(Spec(1, 9, behavior), 5, 1, T0).Replicas.Should().Be(5);
    }
}
