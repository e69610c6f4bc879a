using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Desired;

/// <summary>The pods of one revision. Its template comes from the record and never changes.</summary>
internal static class DeploymentFor
{
    /// <param name="service">The owner.</param>
    /// <param name="record">What the revision was made of.</param>
    /// <param name="replicas">How many pods; null when an autoscaler decides.</param>
    public static Deployment Render(InferenceService service, RevisionRecord record, int? replicas) => new()
    {
        Metadata = Child.Meta(service, record.Name, record.Name),
        Spec = new DeploymentSpec
        {
            Replicas = replicas,
            Selector = LabelSelector.Of(Child.Selector(service.Metadata.Name!, record.Name)),
            Template = record.Template,
            // Somebody else may change the template; then, too, no capacity is lost.
            Strategy = new DeploymentStrategy
            {
                Type = "RollingUpdate",
                RollingUpdate = new RollingUpdateDeployment { MaxSurge = 1, MaxUnavailable = 0 },
            },
            RevisionHistoryLimit = 1,
        },
    };
}
