using System.Globalization;

namespace Sluice.LocalCluster.Kubelet.Logs;

/// <summary>
/// Where a container's output lies: <c>STATE/pods/UID/CONTAINER/RESTART.log</c>, and after a rotation the older part in
/// <c>RESTART.log.1</c>. Each line is <c>TIMESTAMP SPACE TEXT</c>, the timestamp in RFC 3339 with nanoseconds.
/// </summary>
internal sealed class LogFiles(string stateFolder)
{
    /// <summary>A file that reaches this size is moved aside; one older file is kept. The kubelet's default.</summary>
    internal const long RotateAtBytes = 10 * 1024 * 1024;

    /// <summary>The file that the container's run number <paramref name="restart"/> writes to.</summary>
    internal string Current(string podUid, string container, int restart) =>
        Path.Combine(ContainerFolder(podUid, container), restart.ToString(CultureInfo.InvariantCulture) + ".log");

    /// <summary>The files of one run that exist, oldest first.</summary>
    internal IReadOnlyList<string> Existing(string podUid, string container, int restart)
    {
        var current = Current(podUid, container, restart);
        return [.. new[] { Rotated(current), current }.Where(File.Exists)];
    }

    internal static string Rotated(string current) => current + ".1";

    private string ContainerFolder(string podUid, string container) =>
        Path.Combine(stateFolder, "pods", podUid, container);
}
