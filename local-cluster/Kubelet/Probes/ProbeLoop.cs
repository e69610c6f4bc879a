using Sluice.Kubernetes.Model;

namespace Sluice.LocalCluster.Kubelet.Probes;

/// <summary>The three kinds of probe.</summary>
internal enum ProbeKind
{
    Startup,
    Liveness,
    Readiness,
}

/// <summary>What a loop reports: each failed try, and each verdict once a threshold is reached.</summary>
internal readonly record struct ProbeReport(ProbeKind Kind, ProbeResult Result, bool? Verdict);

/// <summary>Runs one probe of one container until it is cancelled.</summary>
internal sealed class ProbeLoop(ProbeCheck check, TimeProvider time)
{
    internal async Task RunAsync(
        ProbeKind kind, Probe probe, ProbeTarget target, Action<ProbeReport> report, CancellationToken cancel)
    {
        var tracker = new ProbeTracker(probe);
        var succeeded = false;
        var period = TimeSpan.FromSeconds(Math.Max(probe.PeriodSeconds ?? 10, 1));
        if (probe.InitialDelaySeconds is > 0 and var delay)
            await Task.Delay(TimeSpan.FromSeconds(delay), time, cancel);
        while (true)
        {
            var started = time.GetTimestamp();
            var result = await check.RunAsync(probe, target, cancel);
            var verdict = tracker.Take(result.Success);
            report(new ProbeReport(kind, result, verdict));
            if (kind == ProbeKind.Startup && verdict is not null)
                return;
            succeeded |= result.Success;
            var rest = (succeeded ? period : FirstPause(kind, period)) - time.GetElapsedTime(started);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, time, cancel);
        }
    }

    // A container that has just started is often ready within milliseconds, and the kubelet looks again when something
    // changes. Until the first success, which only then counts, readiness is tried each second.
    private static TimeSpan FirstPause(ProbeKind kind, TimeSpan period) =>
        kind == ProbeKind.Readiness && period > TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : period;
}
