using System.Globalization;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Controllers.Workloads;

/// <summary>The annotations of a Deployment's ReplicaSets; what <c>kubectl rollout history</c> and <c>undo</c> read. Pure.</summary>
internal static class Revisions
{
    internal const string Revision = "deployment.kubernetes.io/revision";
    internal const string Desired = "deployment.kubernetes.io/desired-replicas";
    private const string Max = "deployment.kubernetes.io/max-replicas";

    private static readonly HashSet<string> NotCopied =
    [
        "kubectl.kubernetes.io/last-applied-configuration", Revision, "deployment.kubernetes.io/revision-history",
        Desired, Max, "deprecated.deployment.rollback.to",
    ];

    internal static long Of(IKubeObject item) =>
        long.TryParse(item.Metadata.Annotation(Revision), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    /// <summary>The annotations that the current ReplicaSet should have.</summary>
    internal static Dictionary<string, string> For(
        DeploymentResource deployment, IReadOnlyDictionary<string, string>? existing, IEnumerable<ReplicaSetResource> old)
    {
        var result = new Dictionary<string, string>(existing ?? new Dictionary<string, string>());
        foreach (var (key, value) in (deployment.Metadata.Annotations ?? new Dictionary<string, string>()).Where(a => !NotCopied.Contains(a.Key)))
            result[key] = value;
        var newest = old.Select(set => Of(set)).DefaultIfEmpty().Max() + 1;
        var own = long.Parse(result.GetValueOrDefault(Revision, "0"), CultureInfo.InvariantCulture);
        result[Revision] = Math.Max(newest, own).ToString(CultureInfo.InvariantCulture);
        foreach (var (key, value) in Sizes(deployment))
            result[key] = value;
        return result;
    }

    internal static Dictionary<string, string> Sizes(DeploymentResource deployment)
    {
        var desired = deployment.Spec!.Replicas ?? 1;
        var surge = RolloutBounds.Of(deployment.Spec.Strategy, desired).Surge;
        return new Dictionary<string, string>
        {
            [Desired] = desired.ToString(CultureInfo.InvariantCulture),
            [Max] = (desired + surge).ToString(CultureInfo.InvariantCulture),
        };
    }
}
