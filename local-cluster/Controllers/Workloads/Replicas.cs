using System.Globalization;
using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>A ReplicaSet as a rollout sees it, oldest first where there are several.</summary>
internal sealed record SetState(string Name, int Replicas, int Available);

/// <summary>Resolves <c>maxSurge</c> and <c>maxUnavailable</c>; pure.</summary>
/// <param name="Surge">Pods above the wanted number that may exist.</param>
/// <param name="Unavailable">Pods of the wanted number that may be missing.</param>
internal readonly record struct RolloutBounds(int Surge, int Unavailable)
{
    internal static RolloutBounds Of(DeploymentStrategy? strategy, int desired)
    {
        if (strategy?.Type == "Recreate")
            return new RolloutBounds(0, desired);
        var surge = Resolve(strategy?.RollingUpdate?.MaxSurge ?? "25%", desired, roundUp: true);
        var unavailable = Resolve(strategy?.RollingUpdate?.MaxUnavailable ?? "25%", desired, roundUp: false);
        // Both may round to zero, and then nothing could move.
        return surge == 0 && unavailable == 0 ? new RolloutBounds(0, 1) : new RolloutBounds(surge, Math.Min(unavailable, desired));
    }

    internal static int Resolve(IntOrString value, int total, bool roundUp)
    {
        if (value.IsNumber)
            return value.Number;
        var percent = decimal.Parse(value.Text!.TrimEnd('%'), CultureInfo.InvariantCulture) * total / 100;
        return (int)(roundUp ? Math.Ceiling(percent) : Math.Floor(percent));
    }
}

/// <summary>
/// How many replicas each ReplicaSet of a Deployment should have next; pure. The rules of the deployment controller: never
/// more pods than desired + surge, never fewer available ones than desired - unavailable, pods that are not available go
/// first.
/// </summary>
internal static class RollingUpdate
{
    /// <returns>The new number by name, for those that change. At most one direction changes in a pass.</returns>
    internal static IReadOnlyDictionary<string, int> Next(int desired, RolloutBounds bounds, SetState current, IReadOnlyList<SetState> old)
    {
        var grown = NewReplicas(desired, bounds, current, old);
        if (grown != current.Replicas)
            return new Dictionary<string, int> { [current.Name] = grown };
        return ShrinkOld(desired, bounds, current, old);
    }

    private static int NewReplicas(int desired, RolloutBounds bounds, SetState current, IReadOnlyList<SetState> old)
    {
        if (current.Replicas >= desired)
            return desired;
        var room = desired + bounds.Surge - current.Replicas - old.Sum(set => set.Replicas);
        return current.Replicas + Math.Clamp(room, 0, desired - current.Replicas);
    }

    private static Dictionary<string, int> ShrinkOld(int desired, RolloutBounds bounds, SetState current, IReadOnlyList<SetState> old)
    {
        var minAvailable = desired - bounds.Unavailable;
        var sizes = old.ToDictionary(set => set.Name, set => set.Replicas);
        var newUnavailable = current.Replicas - current.Available;
        var spare = current.Replicas + sizes.Values.Sum() - minAvailable - newUnavailable;
        foreach (var set in old.Where(_ => spare > 0))
            Take(sizes, set.Name, ref spare, set.Replicas - set.Available);

        var available = current.Available + old.Sum(set => Math.Min(set.Available, sizes[set.Name]));
        var surplus = available - minAvailable;
        foreach (var set in old.Where(_ => surplus > 0))
            Take(sizes, set.Name, ref surplus, sizes[set.Name]);
        return sizes.Where(size => size.Value != old.First(set => set.Name == size.Key).Replicas).ToDictionary();
    }

    private static void Take(Dictionary<string, int> sizes, string name, ref int budget, int wanted)
    {
        var taken = Math.Clamp(wanted, 0, Math.Min(budget, sizes[name]));
        sizes[name] -= taken;
        budget -= taken;
    }
}

/// <summary>What a change of <c>spec.replicas</c> does in the middle of a rollout; pure.</summary>
internal static class Proportional
{
    /// <summary>
    /// Spreads the new total over the ReplicaSets in proportion to their sizes, the rest going to the largest; a lone one
    /// takes all.
    /// </summary>
    internal static IReadOnlyDictionary<string, int> Scale(int desired, RolloutBounds bounds, IReadOnlyList<SetState> sets)
    {
        var active = sets.Where(set => set.Replicas > 0).ToList();
        if (active.Count <= 1)
        {
            var only = active.Count == 1 ? active[0] : sets[^1];
            return only.Replicas == desired ? new Dictionary<string, int>() : new Dictionary<string, int> { [only.Name] = desired };
        }
        var total = active.Sum(set => set.Replicas);
        var allowed = desired > 0 ? desired + bounds.Surge : 0;
        var sizes = active.ToDictionary(set => set.Name, set => (int)((long)set.Replicas * allowed / total));
        var largest = active.OrderByDescending(set => set.Replicas).First().Name;
        sizes[largest] += allowed - sizes.Values.Sum();
        return sizes.Where(size => size.Value != active.First(set => set.Name == size.Key).Replicas).ToDictionary();
    }
}
