using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Controllers.Autoscaling;

/// <summary>What was decided, and why it is not what the metrics asked for.</summary>
/// <param name="Replicas">The number to scale to.</param>
/// <param name="AbleReason">Reason of AbleToScale.</param>
/// <param name="AbleMessage">Its message.</param>
/// <param name="LimitedReason">Reason of ScalingLimited; <c>DesiredWithinRange</c> when nothing limits.</param>
/// <param name="LimitedMessage">Its message.</param>
internal sealed record ScalingDecision(int Replicas, string AbleReason, string AbleMessage, string LimitedReason, string LimitedMessage)
{
    internal bool IsLimited => LimitedReason != "DesiredWithinRange";
}

/// <summary>The earlier proposals and changes of one autoscaler, which stabilization and rate policies are about.</summary>
internal sealed class ScalingMemory
{
    private static readonly ScalingRules DefaultUp = new()
    {
        StabilizationWindowSeconds = 0,
        SelectPolicy = "Max",
        Policies =
        [
            new ScalingPolicy { Type = "Pods", Value = 4, PeriodSeconds = 15 },
            new ScalingPolicy { Type = "Percent", Value = 100, PeriodSeconds = 15 },
        ],
    };

    private static readonly ScalingRules DefaultDown = new()
    {
        StabilizationWindowSeconds = 300,
        SelectPolicy = "Max",
        Policies = [new ScalingPolicy { Type = "Percent", Value = 100, PeriodSeconds = 15 }],
    };

    private readonly List<(DateTimeOffset At, int Replicas)> _proposals = [];
    private readonly List<(DateTimeOffset At, int Change)> _changes = [];

    /// <summary>Notes a scaling that was carried out.</summary>
    internal void Scaled(int change, DateTimeOffset now) => _changes.Add((now, change));

    /// <summary>Narrows what the metrics propose by the behaviour and by the bounds.</summary>
    internal ScalingDecision Narrow(HorizontalPodAutoscalerSpec spec, int current, int proposed, DateTimeOffset now)
    {
        var up = Fill(spec.Behavior?.ScaleUp, DefaultUp);
        var down = Fill(spec.Behavior?.ScaleDown, DefaultDown);
        var stable = Stabilize(current, proposed, up, down, now);
        var (able, ableMessage) = stable == proposed
            ? ("ReadyForNewScale", "recommended size matches current size")
            : stable < proposed
                ? ("ScaleUpStabilized", "recent recommendations were lower than current one, applying the lowest recent recommendation")
                : ("ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation");
        var (replicas, limited, message) = Limit(spec, current, stable, up, down, now);
        return new ScalingDecision(replicas, able, ableMessage, limited, message);
    }

    private int Stabilize(int current, int proposed, ScalingRules up, ScalingRules down, DateTimeOffset now)
    {
        _proposals.Add((now, proposed));
        var longest = Math.Max(up.StabilizationWindowSeconds!.Value, down.StabilizationWindowSeconds!.Value);
        _proposals.RemoveAll(p => p.At < now.AddSeconds(-longest));
        int Among(int seconds, Func<IEnumerable<int>, int> choose) =>
            choose(_proposals.Where(p => p.At > now.AddSeconds(-seconds)).Select(p => p.Replicas).Append(proposed));
        var lowest = Among(up.StabilizationWindowSeconds.Value, Enumerable.Min);
        var highest = Among(down.StabilizationWindowSeconds.Value, Enumerable.Max);
        return Math.Min(Math.Max(current, lowest), highest);
    }

    private (int Replicas, string Reason, string Message) Limit(
        HorizontalPodAutoscalerSpec spec, int current, int wanted, ScalingRules up, ScalingRules down, DateTimeOffset now)
    {
        var (min, max) = (spec.MinReplicas ?? 1, spec.MaxReplicas ?? 1);
        if (wanted > current)
        {
            var most = Bound(up, current, 1, now);
            if (wanted > Math.Min(most, max))
                return most < max
                    ? (most, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate")
                    : (max, "TooManyReplicas", "the desired replica count is more than the maximum replica count");
        }
        else if (wanted < current)
        {
            var least = Bound(down, current, -1, now);
            if (wanted < Math.Max(least, min))
                return least > min
                    ? (least, "ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate")
                    : (min, "TooFewReplicas", "the desired replica count is less than the minimum replica count");
        }
        if (wanted < min)
            return (min, "TooFewReplicas", "the desired replica count is less than the minimum replica count");
        return wanted > max
            ? (max, "TooManyReplicas", "the desired replica count is more than the maximum replica count")
            : (wanted, "DesiredWithinRange", "the desired count is within the acceptable range");
    }

    /// <summary>How far the policies let it go in one direction (1 up, -1 down) from where their periods began.</summary>
    private int Bound(ScalingRules rules, int current, int direction, DateTimeOffset now)
    {
        _changes.RemoveAll(c => c.At < now.AddHours(-1));
        if (rules.SelectPolicy == "Disabled")
            return current;
        var bounds = rules.Policies!.Select(policy =>
        {
            var changed = _changes.Where(c => c.At > now.AddSeconds(-policy.PeriodSeconds) && Math.Sign(c.Change) == direction)
                .Sum(c => c.Change);
            var start = current - changed;
            var step = policy.Type == "Pods" ? policy.Value : start * policy.Value / 100m;
            return direction > 0 ? (int)Math.Ceiling(start + step) : (int)Math.Max(0, Math.Ceiling(start - step));
        }).ToList();
        // Max means the policy that allows the larger change.
        return (rules.SelectPolicy == "Min") == (direction > 0) ? bounds.Min() : bounds.Max();
    }

    private static ScalingRules Fill(ScalingRules? rules, ScalingRules defaults) => new()
    {
        StabilizationWindowSeconds = rules?.StabilizationWindowSeconds ?? defaults.StabilizationWindowSeconds,
        SelectPolicy = rules?.SelectPolicy ?? defaults.SelectPolicy,
        Policies = rules?.Policies is { Count: > 0 } policies ? policies : defaults.Policies,
    };
}
