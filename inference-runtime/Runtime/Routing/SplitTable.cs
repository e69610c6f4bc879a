using System.Collections.Immutable;
using Sluice.Contract;

namespace Sluice.Runtime.Routing;

/// <summary>A split document made ready for deciding; never changes.</summary>
internal sealed class SplitTable
{
    private readonly RouteTarget first;
    private readonly ImmutableArray<(int End, RouteTarget Target)> others;
    private readonly ImmutableDictionary<string, RouteTarget> byRevision;

    /// <param name="document">A valid one.</param>
    /// <param name="revision">This pod's.</param>
    public SplitTable(SplitDocument document, string revision, RoutingMetrics metrics)
    {
        (Generation, Own) = (document.Generation, revision);
        Assignment = document.Assignment;
        var targets = document.Shares.Select(s => new RouteTarget(s, s.Revision == revision, metrics)).ToArray();
        first = targets[0];
        var end = 0;
        others =
        [
            .. document.Shares.Skip(1).Zip(targets.Skip(1)).Where(s => s.First.Percent > 0)
                .Select(s => (end += s.First.Percent * SplitBuckets.PerPercent, s.Second)),
        ];
        byRevision = targets.ToImmutableDictionary(t => t.Revision);
        Shadow = first.IsOwn && document.Shadow is { Percent: > 0 } shadow ? new ShadowTarget(shadow) : null;
        Divides = first.IsOwn && (others.Length > 0 || Shadow is not null);
    }

    public long Generation { get; }

    /// <summary>False when this pod answers all that reaches it.</summary>
    public bool Divides { get; }

    public SplitAssignment? Assignment { get; }

    /// <summary>Who gets copies from this pod; null when nobody does.</summary>
    public ShadowTarget? Shadow { get; }

    /// <summary>This pod's revision.</summary>
    public string Own { get; }

    /// <summary>For a caller who asks for a revision that is not there.</summary>
    public string Unknown(string asked) =>
        $"There is no revision {asked} here; the split has {string.Join(", ", byRevision.Keys.Order(StringComparer.Ordinal))}. "
        + $"Ask for one of them, or leave out the header {Headers.Revision}.";

    /// <summary>The revision that a bucket belongs to.</summary>
    public RouteTarget Pick(int bucket)
    {
        foreach (var (end, target) in others)
        {
            if (bucket < end)
                return target;
        }
        return first;
    }

    public RouteTarget? Find(string revision) => byRevision.GetValueOrDefault(revision);
}
