namespace Sluice.Rollouts.Evidence;

/// <summary>How many of how many.</summary>
/// <param name="Hits">0 to <paramref name="Of"/>.</param>
/// <param name="Of">Not negative.</param>
public readonly record struct Tally(long Hits, long Of)
{
    /// <summary>NaN of nothing.</summary>
    public double Rate => (double)Hits / Of;

    /// <summary>Makes sense of counters that were read one after the other while they grew.</summary>
    internal Tally Bounded => Of <= 0 ? default : new(Math.Clamp(Hits, 0, Of), Of);

    public static Tally operator +(Tally left, Tally right) => new(left.Hits + right.Hits, left.Of + right.Of);

    /// <summary>The logarithm of the likelihood of one such sequence when each is a hit with probability <paramref name="rate"/>.</summary>
    internal double LogLikelihood(double rate) =>
        (Hits == 0 ? 0 : Hits * Math.Log(rate)) + (Hits == Of ? 0 : (Of - Hits) * Math.Log(1 - rate));
}

/// <summary>What a number lies between. Of nothing known, everything is possible.</summary>
public readonly record struct Interval(double Lower, double Upper)
{
    public static Interval operator *(Interval interval, double by) => new(interval.Lower * by, interval.Upper * by);
}
