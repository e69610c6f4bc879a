using Sluice.Contract;
using Sluice.Contract.Metrics;

namespace Sluice.Runtime.Routing.Evidence;

/// <summary>What pairs of answers came to, in memory that does not grow with them.</summary>
/// <param name="series">Where it is counted too.</param>
internal sealed class Comparisons(ComparisonSeries series)
{
    private const int MostOutputs = 32;
    private const int MostFlips = 64;
    private const int LongestText = 64;
    private const int SmallestDecade = -8;
    private const int LargestDecade = 8;

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Output> outputs = new(StringComparer.Ordinal);
    private long pairs;
    private long different;
    private long unread;

    /// <summary>The two could not be compared output by output.</summary>
    /// <param name="isDifferent">What is known all the same: one of them is no answer to what was asked.</param>
    public void CountStatus(bool isDifferent)
    {
        lock (gate)
        {
            pairs++;
            different += isDifferent ? 1 : 0;
        }

        series.Answer(isDifferent ? ComparisonResults.Different : ComparisonResults.Same);
    }

    public void CountUnread()
    {
        lock (gate)
            unread++;
        series.Answer(ComparisonResults.Unread);
    }

    /// <param name="seconds">How much longer the copy took than the user's request.</param>
    public void CountTime(double seconds) => series.Slower(seconds);

    public void Count(IReadOnlyList<Answered> stable, IReadOnlyList<Answered> candidate, Tolerances? tolerances = null)
    {
        var found = stable.Concat(candidate).Select(static o => o.Name).Distinct()
            .Select(name => (Name: name, Difference: OutputDifference.Of(Named(stable, name), Named(candidate, name), tolerances))).ToArray();
        lock (gate)
        {
            pairs++;
            different += found.Any(static f => f.Difference.Decisive) ? 1 : 0;
            foreach (var (name, difference) in found)
                Find(name)?.Count(difference);
        }

        series.Answer(
            found.Any(static f => f.Difference.Shape) ? ComparisonResults.Mismatch
            : found.Any(static f => f.Difference.Decisive) ? ComparisonResults.Different : ComparisonResults.Same);
    }

    public ComparedCounts Counts()
    {
        lock (gate)
        {
            return new ComparedCounts
            {
                Pairs = pairs,
                Different = different,
                Unread = unread,
                Outputs = [.. outputs.Select(static o => o.Value.Counts())],
            };
        }
    }

    private static Answered? Named(IReadOnlyList<Answered> outputs, string name) => outputs.FirstOrDefault(o => o.Name == name);

    private Output? Find(string name)
    {
        name = Short(name);
        if (!outputs.TryGetValue(name, out var output) && outputs.Count < MostOutputs)
            outputs[name] = output = new Output(name, series);
        return output;
    }

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText];

    private sealed class Output(string name, ComparisonSeries series)
    {
        private readonly Dictionary<(string From, string To), long> flips = [];
        private readonly long[] distances = new long[2 - SmallestDecade];
        private readonly long[] absolute = new long[2 + LargestDecade - SmallestDecade];
        private long pairs;
        private long different;
        private long shape;

        public void Count(OutputDifference found)
        {
            pairs++;
            different += found.IsDifferent ? 1 : 0;
            shape += found.Shape ? 1 : 0;
            series.Output(name, found.Shape ? ComparisonResults.Mismatch : found.IsDifferent ? ComparisonResults.Different : ComparisonResults.Same);
            if (found.Distance is { } distance)
            {
                distances[Decade(distance.Relative, 0)]++;
                absolute[Decade(distance.Absolute, LargestDecade)]++;
                series.Distance(name, distance);
            }

            foreach (var (from, to) in found.Flips)
            {
                var flip = (Short(from), Short(to));
                if (!flips.ContainsKey(flip) && flips.Count >= MostFlips)
                    continue;
                flips[flip] = flips.GetValueOrDefault(flip) + 1;
                series.Flip(name, flip.Item1, flip.Item2);
            }
        }

        public OutputCounts Counts() => new()
        {
            Name = name,
            Pairs = pairs,
            Different = different,
            Shape = shape,
            Flips = [.. flips.OrderByDescending(static f => f.Value).Select(static f => new LabelFlip { From = f.Key.From, To = f.Key.To, Count = f.Value })],
            Distances = [.. distances],
            AbsoluteDistances = [.. absolute],
        };

        private static int Decade(double distance, int largest) =>
            distance <= 0 ? 0 : (int)Math.Clamp(Math.Ceiling(Math.Log10(distance)) - SmallestDecade, 0, 1 + largest - SmallestDecade);
    }
}
