using Sluice.Monitoring.Profiles;

namespace Sluice.Monitoring.Drift;

/// <summary>
/// The first Wasserstein distance of two histograms: the area between their distribution functions, which rise evenly
/// within a cell. No cell reaches beyond the smallest and the largest number.
/// </summary>
internal static class Wasserstein
{
    /// <summary>A deviation below it counts as this, as in Evidently.</summary>
    public const double LeastDeviation = 0.001;

    public static double Distance(NumberProfile baseline, NumberProfile current)
    {
        var was = new Curve(baseline);
        var now = new Curve(current);
        if (was.IsEmpty || now.IsEmpty)
            return 0;
        var at = was.Knots.Concat(now.Knots).Distinct().Order().ToArray();
        double area = 0;
        for (var i = 1; i < at.Length; i++)
        {
            // A number that many rows share lets a curve jump, so the two sides of an end differ.
            var left = was.After(at[i - 1]) - now.After(at[i - 1]);
            var right = was.Before(at[i]) - now.Before(at[i]);
            area += Between(left, right) * (at[i] - at[i - 1]);
        }
        return area / Math.Max(baseline.Moments.Deviation, LeastDeviation);
    }

    /// <summary>Mean height of the area between zero and a line from one height to another.</summary>
    private static double Between(double left, double right) => left * right >= 0
        ? Math.Abs(left + right) / 2
        : ((left * left) + (right * right)) / (2 * (Math.Abs(left) + Math.Abs(right)));

    /// <summary>A distribution function: its value before and after each knot, and straight lines between.</summary>
    private sealed class Curve
    {
        private readonly List<double> knots = [];
        private readonly List<(double Before, double After)> heights = [];

        public Curve(NumberProfile profile)
        {
            var total = (double)profile.Count;
            if (total == 0 || profile.Moments.Count == 0)
                return;
            var edges = profile.Edges;
            double height = 0;
            for (var i = 0; i < profile.Counts.Length; i++)
            {
                if (profile.Counts[i] == 0)
                    continue;
                // An outer cell that holds infinite numbers alone has no room: it begins and ends at its edge.
                var low = i > 0 ? edges[i - 1] : double.NegativeInfinity;
                var high = i < edges.Length ? edges[i] : double.PositiveInfinity;
                var from = Math.Min(Math.Max(low, profile.Min), high);
                var to = Math.Max(Math.Min(high, profile.Max), from);
                Rise(from, to, height, height += profile.Counts[i] / total);
            }
        }

        public bool IsEmpty => knots.Count == 0;

        public IReadOnlyList<double> Knots => knots;

        public double Before(double x) => At(x, before: true);

        public double After(double x) => At(x, before: false);

        private void Rise(double from, double to, double low, double high)
        {
            if (knots.Count == 0 || knots[^1] < from)
                Knot(from, low, low);
            if (to > from)
                Knot(to, high, high);
            else
                heights[^1] = (heights[^1].Before, high);
        }

        private void Knot(double x, double before, double after)
        {
            knots.Add(x);
            heights.Add((before, after));
        }

        private double At(double x, bool before)
        {
            var index = knots.BinarySearch(x);
            if (index >= 0)
                return before ? heights[index].Before : heights[index].After;
            var next = ~index;
            if (next == 0)
                return 0;
            if (next == knots.Count)
                return 1;
            var low = heights[next - 1].After;
            return low + ((heights[next].Before - low) * (x - knots[next - 1]) / (knots[next] - knots[next - 1]));
        }
    }
}
