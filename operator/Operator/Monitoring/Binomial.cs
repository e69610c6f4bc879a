namespace Sluice.Operator.Monitoring;

/// <summary>Chances of counts.</summary>
internal static class Binomial
{
    /// <summary>How likely it is that no more than so many of all hit when each hits with a chance of its own.</summary>
    public static double AtMost(long hits, long all, double chance)
    {
        if (hits >= all || chance <= 0)
            return 1;
        if (chance >= 1)
            return 0;
        // In logarithms, because the chance of no hit among thousands is no number any more.
        var odds = Math.Log(chance) - Math.Log(1 - chance);
        var term = all * Math.Log(1 - chance);
        var largest = term;
        var sum = 1.0;
        for (var i = 0L; i < hits; i++)
        {
            term += Math.Log((double)(all - i) / (i + 1)) + odds;
            if (term > largest)
                (sum, largest) = ((sum * Math.Exp(largest - term)) + 1, term);
            else
                sum += Math.Exp(term - largest);
        }

        return Math.Min(1, sum * Math.Exp(largest));
    }
}
