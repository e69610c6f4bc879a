using Sluice.Kubernetes.Client;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Containers;
using Sluice.LocalCluster.Kubelet.Logs;
using Sluice.LocalCluster.Kubelet.Probes;
using Sluice.LocalCluster.Kubelet.Processes;
using Sluice.LocalCluster.Kubelet.Usage;

namespace Sluice.LocalCluster.Kubelet;

/// <summary>Reports an event about a pod.</summary>
/// <param name="pod">What it is about.</param>
/// <param name="type">Normal or Warning.</param>
/// <param name="reason">One word.</param>
/// <param name="note">A sentence.</param>
internal delegate void PodEvent(Pod pod, string type, string reason, string note);

/// <summary>What all pods of the node share.</summary>
internal sealed record KubeletContext
{
    public required KubeClient Client { get; init; }

    public required string StateFolder { get; init; }

    public required ImageMap Images { get; init; }

    public required NodeInfo Node { get; init; }

    public required TimeProvider Time { get; init; }

    public required AddressPool Addresses { get; init; }

    public required ProcessGuard Guard { get; init; }

    public required ProbeCheck Probes { get; init; }

    public required ResourceUsage Usage { get; init; }

    public required LogFiles Logs { get; init; }

    /// <summary>The Services that exist now.</summary>
    public required Func<IEnumerable<Service>> Services { get; init; }

    public required PodEvent Event { get; init; }

    public required ILogger Log { get; init; }
}
