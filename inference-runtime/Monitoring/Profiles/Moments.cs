namespace Sluice.Monitoring.Profiles;

/// <summary>Count, mean and spread of some numbers; two of them merge into that of all numbers together.</summary>
/// <param name="Count">How many numbers.</param>
/// <param name="Mean">0 when there are none.</param>
/// <param name="SquaredDeviations">Sum of the squared distances from the mean.</param>
public readonly record struct Moments(long Count, double Mean, double SquaredDeviations)
{
    /// <summary>Of the numbers themselves, not of a population that they are drawn from.</summary>
    public double Variance => Count > 0 ? SquaredDeviations / Count : 0;

    public double Deviation => Math.Sqrt(Variance);

    /// <summary>From sums over the distances to some number near the mean, which loses no digits to a far zero.</summary>
    public static Moments FromShifted(long count, double shift, double sum, double squares) => count == 0
        ? default
        : new(count, shift + (sum / count), Math.Max(0, squares - (sum / count * sum)));

    public static Moments operator +(Moments left, Moments right) => Add(left, right);

    /// <summary>Chan, Golub and LeVeque's pairwise update.</summary>
    public static Moments Add(Moments left, Moments right)
    {
        if (left.Count == 0)
            return right;
        if (right.Count == 0)
            return left;
        var count = left.Count + right.Count;
        var share = (double)right.Count / count;
        var apart = right.Mean - left.Mean;
        return new Moments(
            count,
            left.Mean + (apart * share),
            left.SquaredDeviations + right.SquaredDeviations + (apart * apart * left.Count * share));
    }
}
