using System.Collections.Immutable;
using Sluice.Contract;
using Sluice.Rollouts.Evidence;

namespace Sluice.Operator.Evidence;

/// <summary>Sums of what pods counted between two looks.</summary>
internal sealed class CountedRequests
{
    readonly long[] latencies = new long[LatencyBuckets.Bounds.Length + 1];
    long requests;
    long failures;
    long notFinite;

    public long Requests => requests;

    /// <param name="before">What the same process had counted at the look before; null when all of it is new.</param>
    public void Add(RequestCounts now, RequestCounts? before)
    {
        requests += Grown(now.Requests, before?.Requests);
        failures += Grown(now.Failures, before?.Failures);
        notFinite += Grown(now.NotFinite, before?.NotFinite);
        AddBuckets(now.Latencies, 1);
        AddBuckets(before?.Latencies ?? [], -1);
    }

    public RevisionEvidence ToEvidence() => new()
    {
        Failures = new Tally(Math.Min(failures, requests), requests),
        NotFinite = new Tally(Math.Min(notFinite, Math.Max(0, requests - failures)), Math.Max(0, requests - failures)),
        Latencies = new Latencies(LatencyBuckets.Bounds, [.. latencies.Select(static n => Math.Max(0, n))]),
    };

    public static long Grown(long now, long? before) => Math.Max(0, now - (before ?? 0));

    void AddBuckets(IReadOnlyList<long> pairs, int sign)
    {
        for (var i = 0; i + 1 < pairs.Count; i += 2)
        {
            if (pairs[i] >= 0 && pairs[i] < latencies.Length)
                latencies[pairs[i]] += sign * pairs[i + 1];
        }
    }
}

/// <summary>The same of pairs of answers.</summary>
internal sealed class CountedPairs
{
    readonly Dictionary<string, Tally> outputs = [];
    Tally different;

    public long Pairs => different.Of;

    public long Unread { get; private set; }

    public void Add(ComparedCounts now, ComparedCounts? before)
    {
        different += new Tally(CountedRequests.Grown(now.Different, before?.Different), CountedRequests.Grown(now.Pairs, before?.Pairs));
        Unread += CountedRequests.Grown(now.Unread, before?.Unread);
        foreach (var output in now.Outputs)
        {
            var earlier = before?.Outputs.FirstOrDefault(o => o.Name == output.Name);
            outputs[output.Name] = outputs.GetValueOrDefault(output.Name)
                + new Tally(CountedRequests.Grown(output.Different, earlier?.Different), CountedRequests.Grown(output.Pairs, earlier?.Pairs));
        }
    }

    /// <param name="floor">The same between pods of stable.</param>
    public AgreementEvidence? ToEvidence(CountedPairs floor) => Pairs == 0 ? null : new AgreementEvidence
    {
        Different = different,
        Outputs = outputs.ToImmutableDictionary(),
        Floor = floor.different,
        FloorOutputs = floor.outputs.ToImmutableDictionary(),
    };
}
