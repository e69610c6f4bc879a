using Sluice.Contract;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Evidence;

/// <summary>What one pod of those that divide requests has counted; null when it did not say.</summary>
internal sealed record PodEvidence(Pod Pod, EvidenceDocument? Document);

/// <summary>Which step of which attempt evidence is gathered for, since when.</summary>
internal sealed record RunningStep(int Attempt, int Step, DateTimeOffset Since, string Stable, string Candidate, int Weight)
{
    /// <summary>Null while no step's exposure has been seen.</summary>
    public static RunningStep? Of(InferenceServiceStatus? status) =>
        status is { Stable: { } stable, Candidate: { } candidate, Rollout: { Attempt: { } attempt, Step: { } step, StepTime: { } since } rollout }
            ? new RunningStep(attempt, step, since, stable.Revision, candidate.Revision, rollout.WeightDesired ?? 0) : null;
}
