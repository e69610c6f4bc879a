using System.Globalization;

namespace Sluice.LocalCluster.Kubelet;

/// <summary>The machine as a node.</summary>
/// <param name="Name">Name of the node object.</param>
/// <param name="Ip">Where the host can be reached from pods.</param>
/// <param name="Capacity"><c>cpu</c> in cores; <c>memory</c> and <c>ephemeral-storage</c> in bytes; <c>pods</c>.</param>
internal sealed record NodeInfo(string Name, string Ip, IReadOnlyDictionary<string, decimal> Capacity)
{
    internal const string LocalName = "local";

    // More than the 110 of a real node: a pod costs a process here, and tests make many.
    private const int Pods = 1000;

    /// <summary>Reads the machine.</summary>
    internal static NodeInfo Read(string stateFolder) => new(LocalName, "127.0.0.1", new Dictionary<string, decimal>
    {
        ["cpu"] = Environment.ProcessorCount,
        ["memory"] = MemoryBytes(),
        ["ephemeral-storage"] = new DriveInfo(Path.GetFullPath(stateFolder)).TotalSize,
        ["pods"] = Pods,
    });

    private static decimal MemoryBytes()
    {
        const string name = "MemTotal:";
        var line = File.ReadLines("/proc/meminfo").First(l => l.StartsWith(name, StringComparison.Ordinal));
        var kilobytes = line[name.Length..].Replace("kB", "").Trim();
        return decimal.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024;
    }
}
