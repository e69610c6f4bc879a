namespace Sluice.Monitoring.Feedback;

/// <summary>How good a model was on the rows whose truth is known.</summary>
/// <param name="Rows">Of the latest rows with a truth.</param>
/// <param name="Accuracy">Share of right classes; null when no class was told.</param>
/// <param name="F1">Mean over the classes of the harmonic mean of precision and recall (macro); null without classes.</param>
/// <param name="Brier">Mean over the rows of the summed squared distances of the scores from 1 for the true class and 0 for others; null without scores.</param>
/// <param name="MeanAbsoluteError">Of numbers; null when no number was told.</param>
public sealed record Quality(int Rows, double? Accuracy, double? F1, double? Brier, double? MeanAbsoluteError)
{
    /// <summary>Rows for which a class was told, and of each class how often it was right.</summary>
    public int ClassRows { get; init; }

    public IReadOnlyList<ClassTally> Classes { get; init; } = [];

    /// <summary>Rows with scores, and how far their Brier scores spread.</summary>
    public int ScoredRows { get; init; }

    public double? BrierDeviation { get; init; }

    /// <summary>Rows for which a number was told, and how far their absolute errors spread.</summary>
    public int NumberRows { get; init; }

    public double? ErrorDeviation { get; init; }
}

/// <summary>How often a class was answered, or was the truth. Tallies of several pods add up.</summary>
/// <param name="Label">The class: a number, or the <see cref="Identity"/> of a text.</param>
/// <param name="Right">Rows where it was both.</param>
/// <param name="Seen">Times that it was either, so that a row where it was both counts twice.</param>
public readonly record struct ClassTally(long Label, long Right, long Seen)
{
    /// <summary>The harmonic mean of its precision and its recall.</summary>
    public double F1 => 2.0 * Right / Seen;
}

/// <summary>The latest rows whose truth is known. One thread at a time.</summary>
/// <param name="capacity">Rows.</param>
public sealed class RollingQuality(int capacity)
{
    private readonly Queue<(long? Label, long Truth, double Brier, double Error)> rows = new();

    /// <summary>Rows whose class was told, those that are no longer among the latest included.</summary>
    public long ToldInAll { get; private set; }

    /// <summary>Of these: those whose class was answered rightly.</summary>
    public long RightInAll { get; private set; }

    /// <param name="predicted">The class that the model answered.</param>
    /// <param name="scores">Of the classes 0, 1, …; none when the model answers none.</param>
    /// <param name="truth">The class that it was.</param>
    public void AddClass(long? predicted, ReadOnlySpan<float> scores, long truth)
    {
        var brier = double.NaN;
        if (!scores.IsEmpty && truth >= 0 && truth < scores.Length)
        {
            brier = 0;
            for (var i = 0; i < scores.Length; i++)
                brier += Math.Pow(scores[i] - (i == truth ? 1 : 0), 2);
        }
        Add((predicted ?? Highest(scores), truth, brier, double.NaN));
    }

    public void AddNumber(double predicted, double truth) => Add((null, 0, double.NaN, Math.Abs(predicted - truth)));

    public Quality Measure()
    {
        var classes = rows.Where(static r => r.Label is not null).ToList();
        var scored = rows.Where(static r => !double.IsNaN(r.Brier)).ToList();
        var numbers = rows.Where(static r => !double.IsNaN(r.Error)).ToList();
        var tallies = Tally(classes.Select(static r => (r.Label!.Value, r.Truth)));
        return new Quality(
            rows.Count,
            classes.Count > 0 ? (double)classes.Count(static r => r.Label == r.Truth) / classes.Count : null,
            classes.Count > 0 ? tallies.Average(static c => c.F1) : null,
            scored.Count > 0 ? scored.Average(static r => r.Brier) : null,
            numbers.Count > 0 ? numbers.Average(static r => r.Error) : null)
        {
            ClassRows = classes.Count,
            Classes = tallies,
            ScoredRows = scored.Count,
            BrierDeviation = Deviation([.. scored.Select(static r => r.Brier)]),
            NumberRows = numbers.Count,
            ErrorDeviation = Deviation([.. numbers.Select(static r => r.Error)]),
        };
    }

    private static double? Deviation(double[] numbers)
    {
        if (numbers.Length == 0)
            return null;
        var mean = numbers.Average();
        return Math.Sqrt(numbers.Average(n => (n - mean) * (n - mean)));
    }

    private static ClassTally[] Tally(IEnumerable<(long Label, long Truth)> rows)
    {
        var perClass = new Dictionary<long, (int Right, int Seen)>();
        foreach (var (label, truth) in rows)
        {
            Count(label, label == truth);
            Count(truth, right: false);
        }
        return [.. perClass.Select(static c => new ClassTally(c.Key, c.Value.Right, c.Value.Seen))];

        void Count(long of, bool right)
        {
            var (before, seen) = perClass.GetValueOrDefault(of);
            perClass[of] = (before + (right ? 1 : 0), seen + 1);
        }
    }

    private static long? Highest(ReadOnlySpan<float> scores)
    {
        if (scores.IsEmpty)
            return null;
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
            best = scores[i] > scores[best] ? i : best;
        return best;
    }

    private void Add((long? Label, long Truth, double Brier, double Error) row)
    {
        if (row.Label is { } label)
        {
            ToldInAll++;
            RightInAll += label == row.Truth ? 1 : 0;
        }

        if (rows.Count == capacity)
            rows.Dequeue();
        rows.Enqueue(row);
    }
}
