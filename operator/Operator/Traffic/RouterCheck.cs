using Sluice.Operator.Api;
using Sluice.Rollouts;

namespace Sluice.Operator.Traffic;

/// <summary>What a spec asks for and its router cannot do. The schema refuses it too; an object may be older than the schema.</summary>
internal static class RouterCheck
{
    public static Failure? Problem(RolloutSpec? rollout) => rollout switch
    {
        { Router: SplitRouter.GatewayAPI, GatewayRef: null } => Unsupported("spec.rollout.gatewayRef is missing: router GatewayAPI needs to know the Gateway."),
        { Router: SplitRouter.GatewayAPI, Assignment: not null } => Unsupported(
            "spec.rollout.assignment cannot be honoured by router GatewayAPI: an HTTPRoute draws for each request anew. Leave out assignment, or set router to Pods."),
        _ => null,
    };

    static Failure Unsupported(string message) => new(Reasons.UnsupportedByRouter, message, Final: true);
}
