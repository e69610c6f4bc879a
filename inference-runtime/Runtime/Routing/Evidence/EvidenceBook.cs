using System.Collections.Concurrent;
using Sluice.Contract;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>All that this pod has counted, by revision.</summary>
/// <param name="metrics">Where comparisons are counted too.</param>
/// <param name="generation">Of the split in force.</param>
internal sealed class EvidenceBook(ComparisonMetrics metrics, Func<long> generation)
{
    private readonly string process = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, RevisionPage> pages = new();

    public RevisionPage Of(string revision) => pages.GetOrAdd(revision, static (name, all) => new RevisionPage(all.Of(name)), metrics);

    public EvidenceDocument Document() => new()
    {
        Process = process,
        Generation = generation(),
        Revisions = [.. pages.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => p.Value.Counts(p.Key))],
    };
}

/// <summary>Of one revision.</summary>
internal sealed class RevisionPage(ComparisonSeries series)
{
    private long dropped;

    public RequestTally Drawn { get; } = new();

    public RequestTally Copied { get; } = new();

    public Comparisons Compared { get; } = new(series);

    public void Drop() => Interlocked.Increment(ref dropped);

    public RevisionCounts Counts(string revision) => new()
    {
        Revision = revision,
        Drawn = Drawn.Counts(),
        Copied = Copied.Counts(),
        Dropped = Volatile.Read(ref dropped),
        Compared = Compared.Counts(),
    };
}
