namespace Sluice.Rollouts.Evidence;

/// <summary>
/// Whether the quantile of one revision is above, or at most, a multiple of the other's: tested with all that both have
/// shown at once, which takes half of what two intervals that must not overlap would take.
/// </summary>
/// <remarks>
/// Each place that stable's quantile may have is refuted on its own, by the product of the evidence that it is not there
/// and the evidence that the candidate is not within the limit that it would set. See docs/gates.md.
/// </remarks>
internal sealed class LatencyRatio(Latencies candidate, Latencies stable, double ratio, double extra)
{
    readonly Cumulative there = new(candidate);
    readonly Cumulative here = new(stable);

    /// <summary>The candidate's quantile is above the limit.</summary>
    public bool IsAbove(double level, double alpha) => AllRefuted(level, alpha, place =>
    {
        var edge = there.AtOrAbove((here.Upper(place) * ratio) + extra);
        return edge is { } count ? Below(count, there.Total, level) : double.NegativeInfinity;
    });

    /// <summary>The candidate's quantile of <paramref name="level"/> is at most the limit that stable's of <paramref name="held"/> sets.</summary>
    public bool IsWithin(double level, double held, double alpha) => AllRefuted(held, alpha, place =>
        Above(there.AtOrBelow((here.Lower(place) * ratio) + extra), there.Total, level));

    bool AllRefuted(double level, double alpha, Func<int, double> evidence)
    {
        var limit = Math.Log(1 / alpha);
        // Somewhere in this bucket: no more than the level lies before its lower end, and no less before its upper end.
        var first = Search.First(here.Places, place => Below(here.CountAt(place), here.Total, level) < limit);
        var last = Search.First(here.Places, place => Above(here.CountBelow(place), here.Total, level) >= limit);
        for (var place = first; place < last; place++)
        {
            var elsewhere = Math.Max(Above(here.CountBelow(place), here.Total, level), Below(here.CountAt(place), here.Total, level));
            if (elsewhere + evidence(place) < limit)
                return false;
        }

        return true;
    }

    /// <summary>The logarithm of the evidence that more than the level lies below: never better than what there would be at the level.</summary>
    static double Above(long count, long total, double level) =>
        count > level * total ? Sequences.Against(new Tally(count, total), level) : Least(total, level);

    static double Below(long count, long total, double level) =>
        count < level * total ? Sequences.Against(new Tally(count, total), level) : Least(total, level);

    /// <summary>Less than any count can give, so that the other direction counts for nothing.</summary>
    static double Least(long total, double level)
    {
        var near = (long)(level * total);
        return Math.Min(Sequences.Against(new Tally(near, total), level), Sequences.Against(new Tally(Math.Min(near + 1, total), total), level));
    }

    sealed class Cumulative
    {
        readonly Latencies of;
        readonly long[] at;

        public Cumulative(Latencies of)
        {
            this.of = of;
            at = new long[of.Counts.Length];
            long sum = 0;
            for (var i = 0; i < at.Length; i++)
                at[i] = sum += of.Counts[i];
        }

        public long Total => at[^1];

        public int Places => at.Length;

        public double Lower(int place) => place == 0 ? 0 : of.Bounds[place - 1];

        public double Upper(int place) => place < of.Bounds.Length ? of.Bounds[place] : double.PositiveInfinity;

        public long CountBelow(int place) => place == 0 ? 0 : at[place - 1];

        public long CountAt(int place) => at[place];

        /// <summary>How many were at most that long, or a little longer; null above all bounds.</summary>
        public long? AtOrAbove(double seconds)
        {
            var index = of.Bounds.AsSpan().BinarySearch(seconds);
            index = index < 0 ? ~index : index;
            return index < of.Bounds.Length ? at[index] : null;
        }

        /// <summary>How many were at most that long, without the last ones.</summary>
        public long AtOrBelow(double seconds)
        {
            var index = of.Bounds.AsSpan().BinarySearch(seconds);
            index = index < 0 ? ~index - 1 : index;
            return index < 0 ? 0 : at[index];
        }
    }
}
