using System.Globalization;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>How two values of one output differ.</summary>
/// <param name="Decisive">Another label, text, shape, type, or number that is none, or beyond a tolerance that somebody set: whoever reads the answer acts otherwise.</param>
/// <param name="Shape">It is the shape, the type, or the output's being there.</param>
/// <param name="Distance">Of numbers, the largest one; null where there is none to tell.</param>
/// <param name="Flips">Labels that changed.</param>
internal sealed record OutputDifference(bool Decisive, bool Shape, Distance? Distance, IReadOnlyList<(string From, string To)> Flips)
{
    /// <summary>Numbers below it are as good as zero.</summary>
    private const double Tiny = 1e-6;

    private static readonly OutputDifference OtherShape = new(true, true, null, []);

    /// <summary>Some number is further apart than the tolerance.</summary>
    public bool IsFar { get; private init; }

    public bool IsDifferent => Decisive || IsFar;

    public static OutputDifference Of(Answered? stable, Answered? candidate, Tolerances? tolerances = null)
    {
        if (stable is null || candidate is null || stable.Type != candidate.Type || !stable.Shape.SequenceEqual(candidate.Shape)
            || stable.Texts?.Length != candidate.Texts?.Length || stable.Numbers?.Length != candidate.Numbers?.Length)
        {
            return OtherShape;
        }

        var texts = Changed(stable.Texts ?? [], candidate.Texts ?? []);
        if (stable.Numbers is not { } one || candidate.Numbers is not { } other)
            return new OutputDifference(texts.Count > 0, false, null, texts);
        if (stable.AreWhole && candidate.AreWhole)
        {
            var labels = Changed(Labels(one), Labels(other));
            return new OutputDifference(texts.Count + labels.Count > 0, false, null, [.. texts, .. labels]);
        }

        var distance = Farthest(one, other);
        if (distance is null)
            return new OutputDifference(true, false, null, texts);
        var tolerance = (tolerances ?? Tolerances.Default).Of(stable.Name);
        var far = distance.Value.Absolute > 0 && one.Zip(other).Any(p => !p.First.Equals(p.Second) && !tolerance.Allows(p.First, p.Second));
        var classes = stable.Width > 1 && AreShares(one, stable.Width) && AreShares(other, stable.Width)
            ? Changed(Highest(one, stable.Width), Highest(other, stable.Width)) : [];
        return new OutputDifference(texts.Count + classes.Count > 0 || (far && tolerance.Decides), false, distance, [.. texts, .. classes]) { IsFar = far };
    }

    /// <returns>Null when a number is finite in one answer and not in the other.</returns>
    private static Distance? Farthest(double[] one, double[] other)
    {
        var (relative, absolute) = (0.0, 0.0);
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i].Equals(other[i]))
                continue;
            if (!double.IsFinite(one[i]) || !double.IsFinite(other[i]))
                return null;
            var apart = Math.Abs(one[i] - other[i]);
            absolute = Math.Max(absolute, apart);
            relative = Math.Max(relative, apart / Math.Max(Tiny, Math.Max(Math.Abs(one[i]), Math.Abs(other[i]))));
        }

        return new Distance(relative, absolute);
    }

    /// <summary>Rows that sum to one: probabilities of classes.</summary>
    private static bool AreShares(double[] numbers, int width)
    {
        if (numbers.Length % width != 0)
            return false;
        for (var row = 0; row < numbers.Length; row += width)
        {
            var sum = 0.0;
            for (var i = row; i < row + width; i++)
            {
                if (!(numbers[i] is >= -Tiny and <= 1 + Tiny))
                    return false;
                sum += numbers[i];
            }

            if (Math.Abs(sum - 1) > 1e-3)
                return false;
        }

        return true;
    }

    private static string[] Highest(double[] numbers, int width) =>
        [.. Enumerable.Range(0, numbers.Length / width)
            .Select(row => IndexOfHighest(numbers.AsSpan(row * width, width)).ToString(CultureInfo.InvariantCulture))];

    private static int IndexOfHighest(ReadOnlySpan<double> numbers)
    {
        var best = 0;
        for (var i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] > numbers[best])
                best = i;
        }

        return best;
    }

    private static string[] Labels(double[] numbers) => [.. numbers.Select(static n => n.ToString(CultureInfo.InvariantCulture))];

    private static List<(string From, string To)> Changed(string[] from, string[] to) =>
        [.. from.Zip(to).Where(static p => p.First != p.Second).Select(static p => (p.First, p.Second))];
}

/// <summary>How far numbers of two answers are apart.</summary>
/// <param name="Relative">To the larger one.</param>
/// <param name="Absolute">In their own unit.</param>
internal readonly record struct Distance(double Relative, double Absolute);
