using Sluice.Contract;
using Sluice.Kubernetes.Model;

namespace Sluice.Operator.Evidence;

/// <summary>What one pod of those that divide requests has counted; null when it did not say.</summary>
internal sealed record PodEvidence(Pod Pod, EvidenceDocument? Document);

/// <summary>Which step of which attempt evidence is gathered for, since when.</summary>
internal sealed record RunningStep(int Attempt, int Step, DateTimeOffset Since, string Stable, string Candidate, int Weight);
