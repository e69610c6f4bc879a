using System.Collections.Immutable;

namespace Sluice.Rollouts;

/// <summary>What was seen of the world. May be old: a decision must be safe when it is.</summary>
/// <param name="Revisions">Every revision that has a Deployment or pods.</param>
/// <param name="Front">What is behind the Service that users call.</param>
public sealed record Observation(ImmutableArray<RevisionObservation> Revisions, FrontObservation Front)
{
    /// <summary>The split that every Ready pod of stable says it applies; null when one says another, or nothing.</summary>
    public TrafficSplit? Split { get; init; }

    /// <summary>What the gates say. A gate that is not in here is undecided.</summary>
    public ImmutableArray<GateVerdict> Verdicts { get; init; } = [];

    /// <summary>How many copies the candidate has answered and had compared since the running step began; null when that is not known.</summary>
    public long? Comparisons { get; init; }

    /// <summary>Why a candidate is to stay where it is, in a sentence; null when nothing seen of the data speaks against going on. The way back ignores it.</summary>
    public string? Hold { get; init; }

    public RevisionObservation? Of(Revision? revision)
    {
        foreach (var seen in Revisions)
        {
            if (seen.Revision.Is(revision))
                return seen;
        }

        return null;
    }

    public int ReadyOf(Revision? revision) => Of(revision)?.Ready ?? 0;

    /// <summary>All requests of users end at this revision and nowhere else.</summary>
    public bool FrontIsAt(Revision revision) =>
        Front.Selected == revision.Name && Front.Serving.Count == 1 && Front.Serving.Contains(revision.Name);

    /// <summary>Requests of users may still end at this revision.</summary>
    public bool FrontTouches(Revision revision) =>
        Front.Selected == revision.Name || Front.Serving.Contains(revision.Name);
}

/// <summary>One revision's pods.</summary>
/// <param name="Revision">Which.</param>
/// <param name="Desired">Pods that its Deployment asks for.</param>
/// <param name="Ready">Pods that have answered a real inference and take requests.</param>
/// <param name="Failure">What keeps its pods from becoming Ready, when that is known.</param>
public sealed record RevisionObservation(Revision Revision, int Desired, int Ready, Failure? Failure);

/// <summary>A cause, as a condition says it.</summary>
/// <param name="Reason">CamelCase, for programs.</param>
/// <param name="Message">A sentence, for people.</param>
/// <param name="Final">Trying again cannot help; somebody must change something.</param>
public sealed record Failure(string Reason, string Message, bool Final);

/// <summary>The Service that users call.</summary>
/// <param name="Selected">The revision that it selects; null while it does not exist.</param>
/// <param name="Serving">The revisions that have ready endpoints behind it.</param>
public sealed record FrontObservation(string? Selected, ImmutableHashSet<string> Serving)
{
    public static FrontObservation None { get; } = new(null, []);
}
