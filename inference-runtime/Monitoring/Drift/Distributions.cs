namespace Sluice.Monitoring.Drift;

/// <summary>The laws that distances follow while nothing drifts, and their far ends.</summary>
internal static class Distributions
{
    private const int MaxTerms = 10_000;
    private const double Precision = 1e-15;

    /// <summary>Share of chi² with so many degrees of freedom that lies above <paramref name="value"/>.</summary>
    public static double ChiSquareAbove(double value, double freedom) =>
        freedom <= 0 ? 1 : GammaAbove(value / 2, freedom / 2);

    public static double ChiSquareQuantile(double above, double freedom) => 2 * GammaQuantile(above, freedom / 2);

    /// <summary>Share of the gamma distribution of this shape and scale 1 that lies above <paramref name="value"/>.</summary>
    public static double GammaAbove(double value, double shape)
    {
        if (value <= 0)
            return 1;
        return value < shape + 1 ? 1 - Series(value, shape) : Fraction(value, shape);
    }

    /// <summary>The value that a share of <paramref name="above"/> lies above.</summary>
    public static double GammaQuantile(double above, double shape)
    {
        double low = 0, high = shape + 1;
        while (GammaAbove(high, shape) > above)
            high *= 2;
        for (var i = 0; i < 200 && high - low > 1e-13 * high; i++)
        {
            var middle = (low + high) / 2;
            if (GammaAbove(middle, shape) > above)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    /// <summary>Kolmogorov's law: the share of root(n) times the largest difference that lies above.</summary>
    public static double KolmogorovAbove(double value)
    {
        // Below, the sum converges too slowly, and the share is 1 to 12 digits.
        if (value < 0.15)
            return 1;
        double sum = 0;
        for (var k = 1; k < 200; k++)
        {
            var term = Math.Exp(-2.0 * k * k * value * value);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-18)
                break;
        }
        return Math.Clamp(2 * sum, 0, 1);
    }

    public static double KolmogorovQuantile(double above)
    {
        double low = 0, high = 10;
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            if (KolmogorovAbove(middle) > above)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    /// <summary>Standard deviations that both tails beyond hold a share of <paramref name="above"/>.</summary>
    public static double NormalQuantile(double above) => Math.Sqrt(ChiSquareQuantile(above, 1));

    /// <summary>Lanczos' approximation, good to 15 digits.</summary>
    public static double LogGamma(double x)
    {
        ReadOnlySpan<double> terms =
        [
            676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
            -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        if (x < 0.5)
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        var sum = 0.99999999999980993;
        for (var i = 0; i < terms.Length; i++)
            sum += terms[i] / (x + i);
        var t = x + 6.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>Share below, good for small values.</summary>
    private static double Series(double value, double shape)
    {
        double term = 1 / shape, sum = term;
        for (var n = 1; n < MaxTerms && Math.Abs(term) > Math.Abs(sum) * Precision; n++)
            sum += term *= value / (shape + n);
        return sum * Density(value, shape);
    }

    /// <summary>Share above, good for large values: Lentz's way through the continued fraction.</summary>
    private static double Fraction(double value, double shape)
    {
        const double tiny = 1e-300;
        var b = value + 1 - shape;
        double c = 1 / tiny, d = 1 / b, result = d;
        for (var i = 1; i < MaxTerms; i++)
        {
            var a = -i * (i - shape);
            b += 2;
            d = 1 / NotZero((a * d) + b);
            c = NotZero(b + (a / c));
            var step = d * c;
            result *= step;
            if (Math.Abs(step - 1) < Precision)
                break;
        }
        return result * Density(value, shape);

        static double NotZero(double x) => Math.Abs(x) < tiny ? tiny : x;
    }

    private static double Density(double value, double shape) =>
        Math.Exp((shape * Math.Log(value)) - value - LogGamma(shape));
}
