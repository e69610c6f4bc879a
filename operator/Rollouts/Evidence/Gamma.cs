namespace Sluice.Rollouts.Evidence;

/// <summary>Logarithms of the gamma and beta functions.</summary>
internal static class Gamma
{
    const double LogPi = 1.1447298858494002;
    const double HalfLogTwoPi = 0.91893853320467274;

    /// <summary>ln Γ(x) for x above 0: Stirling's series, for which small arguments are raised by the recurrence.</summary>
    public static double Log(double x)
    {
        var raised = 0.0;
        while (x < 12)
            raised += Math.Log(x++);
        var r = 1 / x;
        var r2 = r * r;
        var series = r * (1.0 / 12 - r2 * (1.0 / 360 - r2 * (1.0 / 1260 - r2 * (1.0 / 1680 - r2 / 1188))));
        return (x - 0.5) * Math.Log(x) - x + HalfLogTwoPi + series - raised;
    }

    /// <summary>
    /// The logarithm of the likelihood of one sequence with these hits, averaged over all rates by Jeffreys' prior,
    /// Beta(½, ½).
    /// </summary>
    public static double LogMixture(Tally tally) =>
        Log(tally.Hits + 0.5) + Log(tally.Of - tally.Hits + 0.5) - Log(tally.Of + 1.0) - LogPi;
}
