using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>Keeps node drains from taking more than one pod of a revision at a time.</summary>
internal static class PodDisruptionBudgetFor
{
    public static PodDisruptionBudget Render(InferenceService service, string revision) => new()
    {
        Metadata = Child.Meta(service, revision, revision),
        Spec = new PodDisruptionBudgetSpec
        {
            MaxUnavailable = 1,
            Selector = LabelSelector.Of(Child.Selector(service.Metadata.Name!, revision)),
            // A pod that never becomes Ready must not block a drain for ever.
            UnhealthyPodEvictionPolicy = "AlwaysAllow",
        },
    };
}
