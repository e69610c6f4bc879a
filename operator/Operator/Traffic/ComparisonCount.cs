using Sluice.Contract.Metrics;
using Sluice.Kubernetes.Model;
using Sluice.Operator.Api;

namespace Sluice.Operator.Traffic;

/// <summary>
/// How many copies were answered and compared since the running step began, summed over the pods' counters. An operator
/// that starts later counts from its start: it may ask for more than is needed, never for less.
/// </summary>
internal sealed class ComparisonCount
{
    readonly Lock gate = new();
    readonly Dictionary<string, double> last = [];
    (int? Attempt, int? Step, DateTimeOffset? Since) running;
    double total;

    /// <param name="status">Which step runs, for whom, since when.</param>
    /// <param name="pods">Those that copy.</param>
    /// <param name="series">What each of them says; nothing where it could not be asked.</param>
    /// <returns>Null while no step's exposure has been seen.</returns>
    public long? Count(InferenceServiceStatus? status, IReadOnlyList<Pod> pods, IReadOnlyList<IReadOnlyList<Sample>> series)
    {
        lock (gate)
        {
            var step = (status?.Rollout?.Attempt, status?.Rollout?.Step, status?.Rollout?.StepTime);
            var begins = step != running;
            if (begins)
                (running, total) = (step, 0);
            for (var i = 0; i < pods.Count; i++)
            {
                if (series[i].Count > 0)
                    Add(pods[i], Compared(series[i], status?.Candidate?.Revision), begins);
            }

            return step.StepTime is null ? null : (long)total;
        }
    }

    void Add(Pod pod, double now, bool begins)
    {
        var known = last.TryGetValue(pod.Metadata.Uid!, out var before);
        last[pod.Metadata.Uid!] = now;
        if (begins)
            return;
        if (known)
            total += now >= before ? now - before : now;
        else if (pod.Status?.StartTime > running.Since)
            total += now;
    }

    static double Compared(IEnumerable<Sample> series, string? candidate) => series
        .Where(s => s.Name == MetricNames.ShadowStatus && s.Label(MetricNames.RevisionLabel) == candidate)
        .Sum(static s => s.Value);
}
