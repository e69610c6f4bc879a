using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>The ReplicaSet for a Deployment's present template; pure.</summary>
internal static class ReplicaSetFor
{
    internal static ReplicaSetResource Build(
        DeploymentResource deployment, string hash, IEnumerable<ReplicaSetResource> old, int replicas)
    {
        var template = Template.WithHash(deployment.Spec!.Template, hash);
        var selector = new Dictionary<string, string>(
            deployment.Spec.Selector!.MatchLabels ?? new Dictionary<string, string>()) { [Template.HashLabel] = hash };
        return new ReplicaSetResource
        {
            Metadata = new ObjectMeta
            {
                Name = $"{deployment.Metadata.Name}-{hash}",
                Namespace = deployment.Metadata.Namespace,
                Labels = PodFromTemplate.Metadata(template).Labels,
                Annotations = Revisions.For(deployment, null, old),
                OwnerReferences = [OwnerReference.ToController(deployment)],
            },
            Spec = new ReplicaSetResourceSpec
            {
                Replicas = replicas,
                MinReadySeconds = deployment.Spec.MinReadySeconds,
                Selector = deployment.Spec.Selector with { MatchLabels = selector },
                Template = template,
            },
        };
    }
}
