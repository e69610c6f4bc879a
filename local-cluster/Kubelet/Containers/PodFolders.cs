namespace Sluice.LocalCluster.Kubelet.Containers;

/// <summary>Where a pod's files lie: <c>STATE/pods/UID</c>, with a folder for each container.</summary>
internal sealed class PodFolders(string stateFolder, string podUid)
{
    internal string Pod { get; } = Path.Combine(stateFolder, "pods", podUid);

    internal string Claims { get; } = Path.Combine(stateFolder, "volumes");

    /// <summary>What stands for the container's own writable layer: working directory and home.</summary>
    internal string Work(string container) => Path.Combine(Pod, container, "work");

    internal string Temporary(string container) => Path.Combine(Pod, container, "tmp");

    internal string TerminationLog(string container) => Path.Combine(Pod, container, "termination-log");
}
