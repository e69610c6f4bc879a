namespace Sluice.LocalCluster.Kubelet.Probes;

/// <summary>The outcome of one try; the message says what was wrong.</summary>
internal readonly record struct ProbeResult(bool Success, string Message)
{
    internal static readonly ProbeResult Ok = new(true, "");

    internal static ProbeResult Failed(string message) => new(false, message);
}
