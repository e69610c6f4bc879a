using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Probes;

/// <summary>Counts a probe's results against its thresholds; pure.</summary>
internal sealed class ProbeTracker(Probe probe)
{
    private bool _last;
    private int _inARow;

    /// <summary>The verdict once a threshold is reached, at each result from then on; null before.</summary>
    internal bool? Take(bool success)
    {
        _inARow = success == _last ? _inARow + 1 : 1;
        _last = success;
        var threshold = success ? probe.SuccessThreshold ?? 1 : probe.FailureThreshold ?? 3;
        return _inARow >= Math.Max(threshold, 1) ? success : null;
    }
}
