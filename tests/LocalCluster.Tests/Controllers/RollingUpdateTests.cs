using FsCheck;
using FsCheck.Fluent;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Controllers.Workloads;

namespace Sluice.LocalCluster.Tests.Controllers;

public sealed class RollingUpdateTests
{
    private static DeploymentStrategy Strategy(IntOrString surge, IntOrString unavailable) => new()
    {
        Type = "RollingUpdate", RollingUpdate = new() { MaxSurge = surge, MaxUnavailable = unavailable },
    };

    [Theory]
    [InlineData("25%", "25%", 3, 1, 0)]
    [InlineData("25%", "25%", 10, 3, 2)]
    [InlineData("0%", "0%", 4, 0, 1)]
    [InlineData("100%", "0", 4, 4, 0)]
    public void Surge_rounds_up_unavailable_rounds_down_and_not_both_are_zero(string surge, string unavailable, int desired, int up, int down) =>
        RolloutBounds.Of(Strategy(surge, unavailable == "0" ? 0 : unavailable), desired).Should().Be(new RolloutBounds(up, down));

    /// <summary>
    /// A whole rollout in a world where pods become available, or fall away, at random: the bounds hold at every step, and it
    /// ends with all pods new.
    /// </summary>
    [Fact]
    public void A_rollout_stays_within_its_bounds_and_ends() =>
        Prop.ForAll(Worlds.ToArbitrary(), world =>
        {
            var (desired, surge, unavailable, seed) = world;
            var bounds = surge == 0 && unavailable == 0 ? new RolloutBounds(0, 1) : new RolloutBounds(surge, Math.Min(unavailable, desired));
            var random = new Random(seed);
            var sets = new Dictionary<string, (int Replicas, int Available)> { ["old1"] = (desired / 2, desired / 2), ["old2"] = (desired - desired / 2, desired - desired / 2), ["new"] = (0, 0) };
            SetState State(string name) => new(name, sets[name].Replicas, sets[name].Available);
            for (var pass = 0; pass < 500; pass++)
            {
                var healthy = sets.Values.Sum(s => s.Available);
                foreach (var (name, size) in RollingUpdate.Next(desired, bounds, State("new"), [State("old1"), State("old2")]))
                {
                    // The ReplicaSet takes pods that are not available first.
                    sets[name] = (size, Math.Min(sets[name].Available, size));
                }
                if (sets.Values.Sum(s => s.Replicas) > desired + bounds.Surge)
                    throw new InvalidOperationException($"pass {pass}: too many pods");
                if (sets.Values.Sum(s => s.Available) < Math.Min(healthy, desired - bounds.Unavailable))
                    throw new InvalidOperationException($"pass {pass}: too few available");
                if (sets["new"] == (desired, desired) && sets["old1"].Replicas + sets["old2"].Replicas == 0)
                    return true;
                // Something changes: a pod becomes available; early on one may also fail.
                var name2 = sets.Keys.ElementAt(random.Next(3));
                var (replicas, available) = sets[name2];
                if (pass < 50 && random.Next(4) == 0)
                    sets[name2] = (replicas, Math.Max(0, available - 1));
                else
                    sets[name2] = (replicas, Math.Min(replicas, available + 1));
            }
            return false;
        }).QuickCheckThrowOnFailure();

    private static Gen<(int Desired, int Surge, int Unavailable, int Seed)> Worlds =>
        from desired in Gen.Choose(1, 20)
        from surge in Gen.Choose(0, 5)
        from unavailable in Gen.Choose(0, 5)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select (desired, surge, unavailable, seed);

    [Fact]
    public void Pods_that_are_not_available_go_first() =>
        RollingUpdate.Next(3, new RolloutBounds(1, 0), new SetState("new", 1, 1), [new SetState("old", 3, 2)])
            .Should().BeEquivalentTo(new Dictionary<string, int> { ["old"] = 2 });

    [Fact]
    public void A_change_of_size_in_the_middle_is_spread_in_proportion() =>
        Proportional.Scale(10, new RolloutBounds(2, 0), [new SetState("old", 4, 4), new SetState("new", 2, 2)])
            .Should().BeEquivalentTo(new Dictionary<string, int> { ["old"] = 8, ["new"] = 4 });

    [Fact]
    public void A_lone_set_takes_the_whole_change()
    {
        Proportional.Scale(5, new RolloutBounds(1, 0), [new SetState("old", 0, 0), new SetState("new", 3, 3)])
            .Should().BeEquivalentTo(new Dictionary<string, int> { ["new"] = 5 });
        Proportional.Scale(3, new RolloutBounds(1, 0), [new SetState("new", 3, 3)]).Should().BeEmpty();
    }
}
