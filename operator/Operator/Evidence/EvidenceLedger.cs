using Sluice.Contract;
using Sluice.Rollouts.Evidence;

namespace Sluice.Operator.Evidence;

/// <summary>
/// What has been counted since the running step's exposure was seen, added up from what each pod says at each look. Not
/// remembered beyond this process: an operator that starts later gathers evidence anew, which takes time and risks
/// nothing.
/// </summary>
internal sealed class EvidenceLedger
{
    /// <summary>Copies that were dropped for want of room are no random sample; a tenth of them may have hidden something.</summary>
    const double MostDropped = 0.1;

    readonly Dictionary<string, EvidenceDocument> last = [];
    RunningStep? running;
    CountedRequests stable = new();
    CountedRequests drawn = new();
    CountedRequests copied = new();
    CountedPairs compared = new();
    CountedPairs floor = new();
    CountedRequests direct = new();
    CountedRequests passed = new();
    long dropped;

    /// <summary>Copies that the candidate has answered in a form that was looked into, or could have been.</summary>
    public long Comparisons => compared.Pairs + compared.Unread;

    /// <param name="step">What runs now.</param>
    /// <param name="pods">All that divide requests.</param>
    public StepEvidence Add(RunningStep step, IReadOnlyCollection<PodEvidence> pods)
    {
        var begins = step != running;
        if (begins)
            Begin(step);
        foreach (var pod in pods.Where(static p => p.Document is not null))
            Add(pod, step, begins);
        return new StepEvidence
        {
            Stable = stable.ToEvidence(),
            Candidate = (step.Weight > 0 ? drawn : copied).ToEvidence(),
            Agreement = compared.ToEvidence(floor),
            Way = passed.Requests == 0 ? null : new WayEvidence(direct.ToEvidence().Latencies, passed.ToEvidence().Latencies),
            Incomplete = Missing(pods),
        };
    }

    void Begin(RunningStep step)
    {
        // The way stays as long as it is on later steps, which have no copies to measure it with.
        if (running?.Attempt != step.Attempt)
            (direct, passed) = (new(), new());
        running = step;
        (stable, drawn, copied, compared, floor, dropped) = (new(), new(), new(), new(), new(), 0);
        last.Clear();
    }

    void Add(PodEvidence pod, RunningStep step, bool begins)
    {
        var (uid, now) = (pod.Pod.Metadata.Uid!, pod.Document!);
        var known = last.TryGetValue(uid, out var before);
        last[uid] = now;
        // What was counted before the step, or before this process looked, belongs to nobody.
        if (begins || (!known && !(pod.Pod.Status?.StartTime > step.Since)))
            return;
        // A process that began anew counts from nothing.
        if (before?.Process != now.Process)
            before = null;
        Add(stable, now, before, step.Stable, static r => r.Drawn);
        Add(drawn, now, before, step.Candidate, static r => r.Drawn);
        Add(copied, now, before, step.Candidate, static r => r.Copied);
        if (step.Weight == 0)
        {
            Add(direct, now, before, step.Stable, static r => r.Drawn);
            Add(passed, now, before, step.Stable, static r => r.Copied);
        }

        if (Of(now, step.Stable) is { } own)
            floor.Add(own.Compared, Of(before, step.Stable)?.Compared);
        if (Of(now, step.Candidate) is not { } candidate)
            return;
        var earlier = Of(before, step.Candidate);
        compared.Add(candidate.Compared, earlier?.Compared);
        dropped += CountedRequests.Grown(candidate.Dropped, earlier?.Dropped);
    }

    static void Add(CountedRequests to, EvidenceDocument now, EvidenceDocument? before, string revision, Func<RevisionCounts, RequestCounts> which)
    {
        if (Of(now, revision) is { } counts)
            to.Add(which(counts), Of(before, revision) is { } earlier ? which(earlier) : null);
    }

    static RevisionCounts? Of(EvidenceDocument? document, string revision) => document?.Revisions.FirstOrDefault(r => r.Revision == revision);

    string? Missing(IReadOnlyCollection<PodEvidence> pods)
    {
        if (pods.Count == 0)
            return "stable has no Ready pod that could be read";
        var silent = pods.Where(static p => p.Document is null).Select(static p => p.Pod.Metadata.Name).Order(StringComparer.Ordinal).ToArray();
        if (silent.Length > 0)
            return $"{silent.Length} of {pods.Count} pods of stable cannot be read ({silent[0]})";
        var copies = copied.Requests + dropped;
        return running!.Weight == 0 && dropped > MostDropped * copies
            ? $"{dropped} of {copies} copies were dropped because the candidate is too slow for them"
            : null;
    }
}
