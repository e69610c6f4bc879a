using Sluice.Contract;
using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>Counts of requests; recording takes no lock.</summary>
internal sealed class RequestTally
{
    private readonly long[] buckets = new long[LatencyBuckets.Bounds.Length + 1];
    private long requests;
    private long failures;
    private long notFinite;

    /// <param name="outcome">One of <see cref="RouteOutcomes"/>.</param>
    /// <param name="seconds">Until then.</param>
    /// <param name="hasNotFinite">The answer held NaN or infinity.</param>
    public void Count(string outcome, double seconds, bool hasNotFinite)
    {
        if (ReferenceEquals(outcome, RouteOutcomes.Cancelled))
            return;
        Interlocked.Increment(ref requests);
        if (!ReferenceEquals(outcome, RouteOutcomes.Answered))
            Interlocked.Increment(ref failures);
        else if (hasNotFinite)
            Interlocked.Increment(ref notFinite);
        // What was refused or never sent took no time that says anything.
        if (ReferenceEquals(outcome, RouteOutcomes.Answered) || ReferenceEquals(outcome, RouteOutcomes.Late))
            Interlocked.Increment(ref buckets[LatencyBuckets.Index(seconds)]);
    }

    public RequestCounts Counts()
    {
        var latencies = new List<long>();
        for (var i = 0; i < buckets.Length; i++)
        {
            if (Volatile.Read(ref buckets[i]) is > 0 and var count)
                latencies.AddRange([i, count]);
        }

        // Failures before requests, so that there are never more of them.
        var (infinite, failed) = (Volatile.Read(ref notFinite), Volatile.Read(ref failures));
        return new RequestCounts { Requests = Volatile.Read(ref requests), Failures = failed, NotFinite = infinite, Latencies = latencies };
    }
}
