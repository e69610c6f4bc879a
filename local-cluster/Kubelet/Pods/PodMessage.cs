using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Kubelet.Containers;
using Sluice.LocalCluster.Kubelet.Probes;
using Sluice.LocalCluster.Kubelet.Processes;

namespace Sluice.LocalCluster.Kubelet.Pods;

/// <summary>What can happen to a pod; each is handled alone and in order.</summary>
internal abstract record PodMessage
{
    internal sealed record Changed(Pod Pod) : PodMessage;

    /// <summary>The object is no more: the pod was deleted by force, or its deletion was confirmed.</summary>
    internal sealed record Gone : PodMessage;

    internal sealed record Exited(RunningContainer Container, ProcessExit Exit) : PodMessage;

    internal sealed record Probed(RunningContainer Container, ProbeReport Report) : PodMessage;

    internal sealed record HookFailed(RunningContainer Container, string Hook, string Message) : PodMessage;
}
