using System.Globalization;
using System.Runtime.InteropServices;
using Sluice.Kubernetes.Model;
using Sluice.LocalCluster.Model;

namespace Sluice.LocalCluster.Kubelet;

/// <summary>The node object; pure but for what the machine calls itself.</summary>
internal static class NodeFor
{
    internal static Node Build(NodeInfo info) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = info.Name,
            Labels = new Dictionary<string, string>
            {
                ["kubernetes.io/hostname"] = info.Name,
                ["kubernetes.io/os"] = "linux",
                ["kubernetes.io/arch"] = Architecture,
                ["node-role.kubernetes.io/control-plane"] = "",
            },
        },
        Spec = new NodeSpec(),
    };

    internal static NodeStatus Status(NodeInfo info, NodeStatus? before, DateTimeOffset now)
    {
        var amounts = info.Capacity.ToDictionary(pair => pair.Key, pair => Amount(pair.Key, pair.Value));
        return new NodeStatus
        {
            Capacity = amounts,
            Allocatable = amounts,
            Addresses = [new NodeAddress { Type = "InternalIP", Address = info.Ip }, new NodeAddress { Type = "Hostname", Address = info.Name }],
            Conditions =
            [
                Condition("MemoryPressure", false, "KubeletHasSufficientMemory", "kubelet has sufficient memory available", before, now),
                Condition("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure", before, now),
                Condition("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available", before, now),
                Condition("Ready", true, "KubeletReady", "pods run as processes of sluice-local", before, now),
            ],
            NodeInfo = new NodeSystemInfo
            {
                MachineId = "",
                SystemUuid = "",
                BootId = "",
                KernelVersion = Environment.OSVersion.Version.ToString(),
                OsImage = RuntimeInformation.OSDescription,
                ContainerRuntimeVersion = "process://1",
                KubeletVersion = "v1.36.0+sluice-local",
                KubeProxyVersion = "",
                OperatingSystem = "linux",
                Architecture = Architecture,
            },
        };
    }

    private static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static Quantity Amount(string resource, decimal value) => resource == "memory"
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(value / 1024)}Ki")
        : value.ToString(CultureInfo.InvariantCulture);

    private static NodeCondition Condition(
        string type, bool status, string reason, string message, NodeStatus? before, DateTimeOffset now) => new()
        {
            Type = type,
            Status = status ? ConditionStatus.True : ConditionStatus.False,
            Reason = reason,
            Message = message,
            LastHeartbeatTime = now,
            LastTransitionTime = before?.Conditions?.FirstOrDefault(c => c.Type == type)?.LastTransitionTime ?? now,
        };
}
