using System.Collections.Immutable;
using Sluice.Operator.Api;
using Sluice.Rollouts;

namespace Sluice.Operator.Reconcile;

/// <summary>The steps that a spec asks for.</summary>
internal static class StepsFor
{
    /// <summary>A canary set by hand comes before a strategy: who sets it wants to decide.</summary>
    public static ImmutableArray<Step> Spec(InferenceServiceSpec spec)
    {
        if (spec.Predictor.CanaryTrafficPercent is { } percent)
            return StepList.Manual(percent);
        ImmutableArray<Step> wished = [.. (spec.Rollout?.Steps ?? []).Select(ToStep)];
        return spec.Rollout?.Strategy switch
        {
            RolloutStrategy.Canary => StepList.Canary(wished),
            RolloutStrategy.BlueGreen => StepList.BlueGreen(wished),
            RolloutStrategy.Shadow => StepList.Shadow(wished),
            RolloutStrategy.ABTest => StepList.ABTest(wished),
            _ => StepList.Immediate,
        };
    }

    static Step ToStep(RolloutStep wished)
    {
        var approval = wished.Approval is StepApproval.Required;
        return wished.Shadow is { } shadow
            ? new Step(0, shadow.Percent ?? TrafficSplit.Whole)
            {
                For = shadow.For?.Value ?? TimeSpan.Zero,
                MinRequests = shadow.MinRequests ?? 0,
                Approval = approval,
            }
            : new Step(wished.Weight ?? 0) { For = wished.For?.Value ?? TimeSpan.Zero, Approval = approval };
    }
}
