namespace Sluice.Rollouts.Evidence;

/// <summary>
/// Confidence sequences for shares: intervals that hold at every look at once. The probability that the true value is
/// outside at any time, however often and whenever one looks, is at most alpha. See docs/gates.md for the proofs.
/// </summary>
public static class Sequences
{
    const int Halvings = 40;
    const int MostTries = 100;

    /// <summary>For the rate behind one tally: the rates that the mixture martingale has not refuted.</summary>
    public static Interval Rate(Tally tally, double alpha)
    {
        tally = tally.Bounded;
        if (tally.Of == 0)
            return new Interval(0, 1);
        var limit = Math.Log(1 / alpha);
        return Around(tally.Rate, 0, 1, rate => Against(tally, rate) < limit);
    }

    /// <summary>For how much higher the rate behind one tally is than the one behind the other.</summary>
    public static Interval Difference(Tally candidate, Tally stable, double alpha)
    {
        (candidate, stable) = (candidate.Bounded, stable.Bounded);
        if (candidate.Of == 0 || stable.Of == 0)
            return new Interval(-1, 1);
        var limit = Math.Log(1 / alpha);
        return Around(candidate.Rate - stable.Rate, -1, 1, difference => Against(candidate, stable, difference) < limit);
    }

    /// <summary>The logarithm of the evidence against one rate: how much better a bettor has done who did not believe it.</summary>
    internal static double Against(Tally tally, double rate) => Gamma.LogMixture(tally) - tally.LogLikelihood(rate);

    /// <summary>The same for a difference, given the best chance: with the pair of rates that explains the tallies best.</summary>
    internal static double Against(Tally candidate, Tally stable, double difference)
    {
        var rate = MostLikely(candidate, stable, difference);
        var best = candidate.LogLikelihood(Math.Clamp(rate + difference, 0, 1)) + stable.LogLikelihood(rate);
        return Gamma.LogMixture(candidate) + Gamma.LogMixture(stable) - best;
    }

    /// <summary>The rate of stable for which the tallies are likeliest: along the line of pairs the likelihood is concave.</summary>
    static double MostLikely(Tally candidate, Tally stable, double difference)
    {
        var (low, high) = (Math.Max(0, -difference), Math.Min(1, 1 - difference));
        var rate = Math.Clamp(stable.Rate, low + (high - low) * 1e-9, high - (high - low) * 1e-9);
        for (var i = 0; i < MostTries && high - low > 1e-13; i++)
        {
            var (one, other) = (Slopes(candidate, rate + difference), Slopes(stable, rate));
            var (first, second) = (one.First + other.First, one.Second + other.Second);
            if (first > 0)
                low = rate;
            else
                high = rate;
            var next = rate - (first / second);
            // Newton's step where it stays inside, and is not so short that it has arrived.
            if (Math.Abs(next - rate) < 1e-13)
                break;
            rate = next > low && next < high ? next : (low + high) / 2;
        }

        return rate;
    }

    /// <summary>First and second derivative of the likelihood's logarithm.</summary>
    static (double First, double Second) Slopes(Tally tally, double rate)
    {
        var (hit, missed) = (tally.Hits / rate, (tally.Of - tally.Hits) / (1 - rate));
        return tally.Hits == 0 ? (-missed, -missed / (1 - rate))
            : tally.Hits == tally.Of ? (hit, -hit / rate)
            : (hit - missed, -(hit / rate) - (missed / (1 - rate)));
    }

    /// <summary>The evidence has its least at the estimate and grows to both sides.</summary>
    static Interval Around(double estimate, double lowest, double highest, Func<double, bool> possible) =>
        new(Edge(estimate, lowest, possible), Edge(estimate, highest, possible));

    static double Edge(double inside, double outside, Func<double, bool> possible)
    {
        if (possible(outside))
            return outside;
        for (var i = 0; i < Halvings && Math.Abs(outside - inside) > 1e-9 + (1e-4 * Math.Min(Math.Abs(inside), Math.Abs(outside))); i++)
        {
            var middle = (inside + outside) / 2;
            if (possible(middle))
                inside = middle;
            else
                outside = middle;
        }

        // The one that is refuted: an interval that is a hair too wide is right.
        return outside;
    }
}
