using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;
using Sluice.Operator.Desired;

namespace Sluice.Operator.Status;

/// <summary>The whole status of a service: what it does, why, and what happens next.</summary>
internal static class StatusFor
{
    public static InferenceServiceStatus Render(StatusInput input, DateTimeOffset now)
    {
        var service = input.Service;
        var generation = service.Metadata.Generation;
        var conditions = ConditionsFor.Render(input).Select(c => c with { ObservedGeneration = generation }).ToArray();
        return new InferenceServiceStatus
        {
            ObservedGeneration = generation,
            Conditions = ConditionList.Carry(service.Status?.Conditions, conditions, now),
            Url = ServiceFor.Url(service),
            Route = input.Route,
            Stable = RolloutStatusMap.ToStatus(input.Stable, input.Seen),
            Candidate = RolloutStatusMap.ToStatus(input.Candidate, input.Seen),
            Rollout = RolloutStatusMap.ToStatus(input.Decision, input.Seen) with { Evidence = GateStatus.Evidence(input) },
            Monitoring = input.Monitoring?.Shown,
            History = RolloutStatusMap.ToStatus(input.Decision.State.History),
        };
    }
}
