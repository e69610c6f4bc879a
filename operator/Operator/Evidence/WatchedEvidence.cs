using Sluice.Operator.Monitoring;
using Sluice.Rollouts.Evidence;
using DriftEvidence = Sluice.Rollouts.Evidence.DriftEvidence;

namespace Sluice.Operator.Evidence;

/// <summary>What pods watched of data and quality, as evidence on the running step.</summary>
internal sealed class WatchedEvidence
{
    RunningStep? running;
    LabelledSince stable = new();
    LabelledSince candidate = new();

    /// <param name="counted">What the pods of stable counted.</param>
    /// <param name="step">What runs now.</param>
    /// <param name="seen">What the pods watched.</param>
    public StepEvidence AddTo(StepEvidence counted, RunningStep step, MonitorReading seen)
    {
        if (step != running)
            (running, stable, candidate) = (step, new(), new());
        var (here, there) = (stable.Add(seen.Stable), candidate.Add(seen.Candidate));
        var silent = Unwatched(seen.Candidate, step.Candidate);
        return counted with
        {
            Unwatched = silent,
            Drift = silent is null ? DriftOf(seen.Candidate, step.Since) : null,
            StableDrift = Unwatched(seen.Stable, step.Stable) is null ? DriftOf(seen.Stable, step.Since) : null,
            Candidate = counted.Candidate with { Right = silent is null && there.Of > 0 ? there : null },
            Stable = counted.Stable with { Right = here.Of > 0 ? here : null },
        };
    }

    /// <summary>Why what the candidate's pods watch is not known, or not of all of them.</summary>
    static string? Unwatched(WatchedRevision? revision, string name) => revision switch
    {
        null or { Pods.Count: 0 } => $"no pod of {name} says what it watches; is predictor.monitoring set?",
        { Silent: > 0 } => $"{revision.Silent} of {revision.Silent + revision.Pods.Count} pods of {name} do not say what they watch",
        _ => revision.Problem,
    };

    /// <summary>A window that was closed before the step says nothing of it.</summary>
    static DriftEvidence? DriftOf(WatchedRevision? revision, DateTimeOffset since) => revision?.Window is { } window && window.End >= since
        ? new DriftEvidence(window.Report.Features.Concat(window.Report.Predictions).Select(static s => s.Score).DefaultIfEmpty(double.NaN).Max(), window.Rows)
        : null;
}

/// <summary>Rows whose truth was told since the step began, added up over the pods of one revision.</summary>
internal sealed class LabelledSince
{
    readonly Dictionary<string, Tally> last = [];
    Tally sum;

    public Tally Add(WatchedRevision? revision)
    {
        foreach (var pod in revision?.Pods ?? [])
        {
            if (pod.Document.Feedback is not { } feedback)
                continue;
            var now = new Tally(feedback.RightInAll, feedback.ToldInAll);
            // What a pod counted before it was first looked at belongs to nobody; a process that began anew counts from nothing.
            if (last.TryGetValue(pod.Pod, out var before))
                sum += now.Of >= before.Of ? new Tally(now.Hits - before.Hits, now.Of - before.Of) : now;
            last[pod.Pod] = now;
        }

        return sum;
    }
}
