using System.Collections.Immutable;
using Sluice.Operator.Api;
using Sluice.Rollouts;
using Sluice.Rollouts.Evidence;

namespace Sluice.Operator.Evidence;

/// <summary>The gates that a spec asks for.</summary>
internal static class GatesFor
{
    public const double DefaultQuantile = 0.95;

    /// <summary>
    /// The wished ones; without any, a canary has those that make it safe. An empty list asks for none. Behind a Gateway
    /// the pods of stable do not see what the candidate gets, so that default gates would never find what they look for.
    /// </summary>
    public static ImmutableArray<Gate> Spec(InferenceServiceSpec spec, ImmutableArray<Step> steps)
    {
        if (spec.Rollout?.Gates is { } wished)
            return [.. wished.Select(Gate)];
        if (spec.Predictor.CanaryTrafficPercent is not null || spec.Rollout is not { Strategy: RolloutStrategy.Canary, Router: not SplitRouter.GatewayAPI })
            return [];
        return steps.Any(static s => s.Shadow > 0) ? GateList.Default : [.. GateList.Default.Where(static g => g is not Agreement)];
    }

    static Gate Gate(GateSpec spec) => Kind(spec) with
    {
        MinSamples = spec.MinSamples ?? Rollouts.Evidence.Gate.DefaultMinSamples,
        MaxDuration = spec.MaxDuration?.Value,
        RollBackWhenUndecided = spec.OnUndecided is UndecidedAction.RollBack,
    };

    static Gate Kind(GateSpec spec) => spec switch
    {
        { ErrorRate: { } errors } => new ErrorRate(spec.Name, errors.Max, errors.MaxOverStable),
        { Latency: { } latency } => new Latency(spec.Name, latency.Quantile ?? DefaultQuantile, latency.Max?.Value.TotalSeconds, latency.MaxRatio),
        { Agreement: { } agreement } => new Agreement(spec.Name, agreement.Min, agreement.Output, agreement.FloorPercent ?? Agreement.DefaultFloorPercent),
        { NanRate: { } nan } => new NanRate(spec.Name, nan.Max, nan.MaxOverStable),
        { Accuracy: { } accuracy } => new Accuracy(spec.Name, accuracy.Min, accuracy.MaxDrop),
        { Drift: { } drift } => new Drift(spec.Name, drift.Max, drift.MaxOverStable),
        { Prometheus: { } query } => new PromQuery(spec.Name, query.Min, query.Max),
        _ => throw new InvalidOperationException($"Gate {spec.Name} asks for nothing, which the schema rules out."),
    };
}
